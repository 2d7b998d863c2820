// libc's functions that poller/ and net/ call and that make system calls are
// ours in a program that links this. They tell the Scope of the thread that
// calls them, if there is one, and go on to libc's, or to a sanitizer's.
// called_functions_test sees to it that none is left out.

#include <dlfcn.h>
#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <ctime>

#include "absl/strings/string_view.h"
#include "tests/faults/call_log.h"

namespace {

using isopoll::tests::MakeCall;

// The function of that name, and of that type, that this one stands in for.
template <typename Function>
Function* Next(Function* /*of_this_type*/, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

constexpr timespec kNoTime = {};

const char* EpollCtlName(int operation) {
  switch (operation) {
    case EPOLL_CTL_ADD:
      return "epoll_ctl(ADD)";
    case EPOLL_CTL_MOD:
      return "epoll_ctl(MOD)";
    default:
      return "epoll_ctl(DEL)";
  }
}

const char* FcntlName(int command) {
  switch (command) {
    case F_GETFD:
      return "fcntl(F_GETFD)";
    case F_GETFL:
      return "fcntl(F_GETFL)";
    case F_SETFD:
      return "fcntl(F_SETFD)";
    case F_SETFL:
      return "fcntl(F_SETFL)";
    default:
      return "fcntl";
  }
}

}  // namespace

// Stands in for libc's `name`; `parameters` and `arguments` are in parentheses.
#define STAND_IN(result, name, parameters, arguments, qualifier, called) \
  result name parameters qualifier {                                     \
    static auto* const next = Next(&::name, #name);                      \
    return MakeCall(called, [&] { return next arguments; });             \
  }

extern "C" {

STAND_IN(int, accept4, (int fd, sockaddr* peer, socklen_t* size, int flags),
         (fd, peer, size, flags), , "accept4")
STAND_IN(int, bind, (int fd, const sockaddr* name, socklen_t size),
         (fd, name, size), noexcept, "bind")
STAND_IN(int, close, (int fd), (fd), , "close")
STAND_IN(int, connect, (int fd, const sockaddr* name, socklen_t size),
         (fd, name, size), , "connect")
STAND_IN(int, dup3, (int from, int to, int flags), (from, to, flags), noexcept,
         "dup3")
STAND_IN(int, epoll_create1, (int flags), (flags), noexcept, "epoll_create1")
STAND_IN(int, epoll_ctl, (int set, int operation, int fd, epoll_event* event),
         (set, operation, fd, event), noexcept, EpollCtlName(operation))
STAND_IN(int, eventfd, (unsigned count, int flags), (count, flags), noexcept,
         "eventfd")
STAND_IN(int, fstat, (int fd, struct stat* file), (fd, file), noexcept, "fstat")
STAND_IN(int, getaddrinfo,
         (const char* host, const char* service, const addrinfo* hints,
          addrinfo** found),
         (host, service, hints, found), , "getaddrinfo")
STAND_IN(int, getpeername, (int fd, sockaddr* name, socklen_t* size),
         (fd, name, size), noexcept, "getpeername")
STAND_IN(int, getsockname, (int fd, sockaddr* name, socklen_t* size),
         (fd, name, size), noexcept, "getsockname")
STAND_IN(int, getsockopt,
         (int fd, int level, int option, void* value, socklen_t* size),
         (fd, level, option, value, size), noexcept, "getsockopt")
STAND_IN(int, listen, (int fd, int backlog), (fd, backlog), noexcept, "listen")
STAND_IN(int, lstat, (const char* path, struct stat* file), (path, file),
         noexcept, "lstat")
STAND_IN(int, madvise, (void* address, size_t size, int advice),
         (address, size, advice), noexcept, "madvise")
STAND_IN(int, munmap, (void* address, size_t size), (address, size), noexcept,
         "munmap")
STAND_IN(int, pipe2, (int* fds, int flags), (fds, flags), noexcept, "pipe2")
STAND_IN(ssize_t, read, (int fd, void* data, size_t size), (fd, data, size), ,
         "read")
STAND_IN(ssize_t, recv, (int fd, void* data, size_t size, int flags),
         (fd, data, size, flags), , "recv")
STAND_IN(ssize_t, recvmsg, (int fd, msghdr* message, int flags),
         (fd, message, flags), , "recvmsg")
STAND_IN(ssize_t, send, (int fd, const void* data, size_t size, int flags),
         (fd, data, size, flags), , "send")
STAND_IN(ssize_t, sendto,
         (int fd, const void* data, size_t size, int flags, const sockaddr* to,
          socklen_t to_size),
         (fd, data, size, flags, to, to_size), , "sendto")
STAND_IN(int, setsockopt,
         (int fd, int level, int option, const void* value, socklen_t size),
         (fd, level, option, value, size), noexcept, "setsockopt")
STAND_IN(int, shutdown, (int fd, int how), (fd, how), noexcept, "shutdown")
STAND_IN(int, socket, (int family, int type, int protocol),
         (family, type, protocol), noexcept, "socket")
STAND_IN(int, socketpair, (int family, int type, int protocol, int* fds),
         (family, type, protocol, fds), noexcept, "socketpair")
STAND_IN(int, unlink, (const char* path), (path), noexcept, "unlink")
STAND_IN(ssize_t, write, (int fd, const void* data, size_t size),
         (fd, data, size), , "write")

// Those that sleep.

int epoll_wait(int set, epoll_event* events, int room, int timeout) {
  static auto* const next = Next(&::epoll_wait, "epoll_wait");
  return MakeCall(
      "epoll_wait", [&] { return next(set, events, room, timeout); },
      [&] { return next(set, events, room, 0); });
}

int poll(pollfd* entries, nfds_t count, int timeout) {
  static auto* const next = Next(&::poll, "poll");
  return MakeCall(
      "poll", [&] { return next(entries, count, timeout); },
      [&] { return next(entries, count, 0); });
}

int ppoll(pollfd* entries, nfds_t count, const timespec* timeout,
          const sigset_t* mask) {
  static auto* const next = Next(&::ppoll, "ppoll");
  return MakeCall(
      "ppoll", [&] { return next(entries, count, timeout, mask); },
      [&] { return next(entries, count, &kNoTime, mask); });
}

int pselect(int count, fd_set* read, fd_set* write, fd_set* except,
            const timespec* timeout, const sigset_t* mask) {
  static auto* const next = Next(&::pselect, "pselect");
  return MakeCall(
      "pselect",
      [&] { return next(count, read, write, except, timeout, mask); },
      [&] { return next(count, read, write, except, &kNoTime, mask); });
}

// MAP_FAILED is -1.
void* mmap(void* address, size_t size, int protection, int flags, int fd,
           off_t offset) noexcept {
  static auto* const next = Next(&::mmap, "mmap");
  return reinterpret_cast<void*>(MakeCall("mmap", [&] {
    return reinterpret_cast<intptr_t>(
        next(address, size, protection, flags, fd, offset));
  }));
}

// 0 is its failure.
unsigned if_nametoindex(const char* name) noexcept {
  static auto* const next = Next(&::if_nametoindex, "if_nametoindex");
  const int index =
      MakeCall("if_nametoindex", [&] { return static_cast<int>(next(name)); });
  return index == -1 ? 0 : static_cast<unsigned>(index);
}

// Those that take what they are given, of which they are always given one more
// than most commands need.

int fcntl(int fd, int command, ...) {
  static auto* const next = Next(&::fcntl, "fcntl");
  va_list list;
  va_start(list, command);
  void* const argument = va_arg(list, void*);
  va_end(list);
  return MakeCall(FcntlName(command),
                  [&] { return next(fd, command, argument); });
}

int ioctl(int fd, unsigned long request, ...) noexcept {
  static auto* const next = Next(&::ioctl, "ioctl");
  va_list list;
  va_start(list, request);
  void* const argument = va_arg(list, void*);
  va_end(list);
  return MakeCall("ioctl", [&] { return next(fd, request, argument); });
}

// Of those that are made by number, epoll_pwait2 is the pollers'; Abseil's
// mutexes make others.
long syscall(long number, ...) noexcept {
  static auto* const next = Next(&::syscall, "syscall");
  va_list list;
  va_start(list, number);
  long words[6];
  for (long& word : words) word = va_arg(list, long);
  va_end(list);
  const auto make = [&] {
    return next(number, words[0], words[1], words[2], words[3], words[4],
                words[5]);
  };
  if (number != SYS_epoll_pwait2) return make();
  return MakeCall("epoll_pwait2", make, [&] {
    // As long as the kernel has it: two words of 64 bits.
    static constexpr int64_t kNoSleep[2] = {};
    return next(number, words[0], words[1], words[2], &kNoSleep, words[4],
                words[5]);
  });
}

}  // extern "C"
