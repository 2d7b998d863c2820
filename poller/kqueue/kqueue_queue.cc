#include "poller/kqueue/kqueue_queue.h"

#include <fcntl.h>
#include <sys/event.h>

#include <cerrno>
#include <cstddef>
#include <ctime>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "poller/core/deadline.h"
#include "poller/core/errors.h"
#include "poller/kqueue/kernel_fd.h"
#include "poller/kqueue/kqueue_system.h"

namespace isopoll {
namespace internal {
namespace {

// The wake-up's own, in the name space of EVFILT_USER.
constexpr int kWakeIdent = 0;
constexpr timespec kAtOnce = {0, 0};

}  // namespace

absl::StatusOr<KqueueQueue> KqueueQueue::Create(const KqueueSystem& system) {
  KernelFd fd(system.kqueue(), system.close);
  if (fd.get() == -1) return CallError(errno, "kqueue");
  // Not every kernel closes it on exec by itself. None lets fork inherit it, so
  // that no child can come in between.
  if (system.fcntl(fd.get(), F_SETFD, FD_CLOEXEC) == -1) {
    return CallError(errno, "fcntl");
  }
  KqueueQueue queue(system, std::move(fd));
  if (absl::Status status = queue.AddWakeFilter(); !status.ok()) return status;
  return queue;
}

KqueueQueue::KqueueQueue(const KqueueSystem& system, KernelFd kqueue)
    : system_(&system), kqueue_(std::move(kqueue)) {}

KqueueQueue::~KqueueQueue() {
  // A child does not have the queue: its number may be another file's there.
  if (fork_guard_.InChild()) kqueue_.Abandon();
}

void KqueueQueue::Change(absl::Span<struct kevent> changes) const {
  for (struct kevent& change : changes) {
    change.flags |= EV_RECEIPT;  // an answer to each, and no events
  }
  if (changes.empty()) return;  // it would look for events
  const int count = static_cast<int>(changes.size());
  // The kernel reads a change before it writes that one's answer, which has the
  // errno or 0 in `data`.
  int answers;
  do {
    answers = system_->kevent(kqueue_.get(), changes.data(), count,
                              changes.data(), count, &kAtOnce);
  } while (answers == -1 && errno == EINTR);
  if (answers != -1) return;
  for (struct kevent& change : changes) change.data = errno;
}

int KqueueQueue::Wait(absl::Span<struct kevent> events,
                      absl::Duration time) const {
  // A day at most, which passes Darwin's limit: it refuses times that its clock
  // cannot hold.
  const timespec timeout = ToSleepTime(time);
  return system_->kevent(kqueue_.get(), nullptr, 0, events.data(),
                         static_cast<int>(events.size()),
                         time == absl::InfiniteDuration() ? nullptr : &timeout);
}

void KqueueQueue::Wake() const {
  const int saved_errno = errno;
  if (system_->user.exists()) {
    const struct kevent trigger =
        MakeKevent(kWakeIdent, system_->user.number, 0, system_->user.note);
    while (system_->kevent(kqueue_.get(), &trigger, 1, nullptr, 0, &kAtOnce) ==
               -1 &&
           errno == EINTR) {
    }
  } else {
    // EAGAIN means that the pipe is full, and so its other end readable.
    while (system_->write(write_end_.get(), "", 1) == -1 && errno == EINTR) {
    }
  }
  errno = saved_errno;
}

bool KqueueQueue::TakeWake(const struct kevent& event) const {
  if (system_->user.exists()) {
    const auto user = static_cast<decltype(event.filter)>(system_->user.number);
    return event.filter == user;
  }
  if (event.ident != static_cast<decltype(event.ident)>(read_end_.get())) {
    return false;
  }
  char bytes[64];
  ssize_t count;
  do {
    count = system_->read(read_end_.get(), bytes, sizeof(bytes));
  } while (count == sizeof(bytes) || (count == -1 && errno == EINTR));
  return true;
}

absl::Status KqueueQueue::AddWakeFilter() {
  if (!system_->user.exists()) {
    if (absl::Status status = MakePipe(); !status.ok()) return status;
  }
  // EV_CLEAR: reported once for each time it is triggered.
  struct kevent add =
      system_->user.exists()
          ? MakeKevent(kWakeIdent, system_->user.number, EV_ADD | EV_CLEAR)
          : MakeKevent(read_end_.get(), EVFILT_READ, EV_ADD);
  Change(absl::MakeSpan(&add, 1));
  return CallError(static_cast<int>(add.data), "kevent");  // OK, if it is 0
}

absl::Status KqueueQueue::MakePipe() {
  int fds[2];
  if (system_->pipe(fds) == -1) return CallError(errno, "pipe");
  read_end_ = KernelFd(fds[0], system_->close);
  write_end_ = KernelFd(fds[1], system_->close);
  for (const int fd : fds) {
    if (system_->fcntl(fd, F_SETFL, O_NONBLOCK) == -1 ||
        system_->fcntl(fd, F_SETFD, FD_CLOEXEC) == -1) {
      return CallError(errno, "fcntl");
    }
  }
  return absl::OkStatus();
}

}  // namespace internal
}  // namespace isopoll
