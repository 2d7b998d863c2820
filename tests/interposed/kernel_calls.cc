#include "tests/interposed/kernel_calls.h"

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <ctime>
#include <utility>

namespace isopoll::tests {
namespace {

thread_local CallHooks* hooks = nullptr;

// The kernel's own size of a signal mask.
constexpr size_t kMaskSize = 8;

// Makes the call, by `kernel`, and tells the hooks.
template <typename Kernel>
int Make(const KernelCall& call, Kernel kernel) {
  CallHooks* const told = std::exchange(hooks, nullptr);
  int result = -1;
  int error = told == nullptr ? 0 : told->TellBefore(call);
  if (error == 0) {
    result = static_cast<int>(kernel());
    error = errno;
    if (told != nullptr) told->TellAfter(call);
  }
  hooks = told;
  if (result == -1) errno = error;
  return result;
}

KernelCall Change(int fd) { return {KernelCall::Kind::kChange, fd, 0}; }
KernelCall Wait(int fd_count = 0) {
  return {KernelCall::Kind::kWait, -1, fd_count};
}

timespec FromMilliseconds(int milliseconds) {
  return {milliseconds / 1000, milliseconds % 1000 * 1000000L};
}

}  // namespace

CallHooks::CallHooks(Before before, After after)
    : before_(std::move(before)), after_(std::move(after)) {
  hooks = this;
}

CallHooks::~CallHooks() { hooks = nullptr; }

}  // namespace isopoll::tests

namespace {

using isopoll::tests::Change;
using isopoll::tests::FromMilliseconds;
using isopoll::tests::kMaskSize;
using isopoll::tests::Make;
using isopoll::tests::Wait;

}  // namespace

extern "C" {

int epoll_ctl(int set, int operation, int fd, epoll_event* event) noexcept {
  return Make(Change(fd), [=] {
    return ::syscall(SYS_epoll_ctl, set, operation, fd, event);
  });
}

int epoll_wait(int set, epoll_event* events, int room, int timeout) {
  return Make(Wait(), [=] {
    return ::syscall(SYS_epoll_pwait, set, events, room, timeout, nullptr,
                     kMaskSize);
  });
}

int epoll_pwait2(int set, epoll_event* events, int room,
                 const timespec* timeout, const sigset_t* mask) {
  return Make(Wait(), [=] {
    return ::syscall(SYS_epoll_pwait2, set, events, room, timeout, mask,
                     kMaskSize);
  });
}

// The kernel writes what is left of the time.
int ppoll(pollfd* entries, nfds_t count, const timespec* timeout,
          const sigset_t* mask) {
  timespec left = timeout == nullptr ? timespec{} : *timeout;
  return Make(Wait(), [&] {
    return ::syscall(SYS_ppoll, entries, count,
                     timeout == nullptr ? nullptr : &left, mask, kMaskSize);
  });
}

int poll(pollfd* entries, nfds_t count, int timeout) {
  const timespec time = FromMilliseconds(timeout);
  return ppoll(entries, count, timeout < 0 ? nullptr : &time, nullptr);
}

int pselect(int count, fd_set* read, fd_set* write, fd_set* except,
            const timespec* timeout, const sigset_t* mask) {
  timespec left = timeout == nullptr ? timespec{} : *timeout;
  struct {
    const sigset_t* mask;
    size_t size;
  } const with_size = {mask, kMaskSize};
  return Make(Wait(count), [&] {
    return ::syscall(SYS_pselect6, count, read, write, except,
                     timeout == nullptr ? nullptr : &left, &with_size);
  });
}

}  // extern "C"
