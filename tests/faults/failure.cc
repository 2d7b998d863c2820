#include "tests/faults/failure.h"

#include <netdb.h>
#include <string.h>

#include <cerrno>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace isopoll::tests {
namespace {

using absl::StatusCode;

constexpr StatusCode kNobody = StatusCode::kOk;
constexpr StatusCode kShort = StatusCode::kResourceExhausted;

// A signal interrupts a sleep, and no kernel says so instead of what it has
// found (Linux: fs/select.c, do_poll and core_sys_select; fs/eventpoll.c,
// ep_poll).

constexpr Failure kPollerFailures[] = {
    {"epoll_create1", EMFILE, kShort},
    {"epoll_create1", ENFILE, kShort},
    {"epoll_create1", ENOMEM, kShort},
    {"epoll_ctl(ADD)", ENOMEM, kShort},
    {"epoll_ctl(ADD)", ENOSPC, kShort},
    {"epoll_ctl(MOD)", ENOMEM, kShort},
    {"epoll_wait", EINTR, kNobody, Effect::kIdle},
    // Linux before 5.11; and filters of system calls that do not know it.
    {"epoll_pwait2", ENOSYS, kNobody},
    {"epoll_pwait2", EPERM, kNobody},
    {"epoll_pwait2", EINTR, kNobody, Effect::kIdle},
    {"eventfd", EMFILE, kShort},
    {"eventfd", ENFILE, kShort},
    {"eventfd", ENOMEM, kShort},
    {"eventfd", ENODEV, StatusCode::kNotFound},
    // The eventfd is read by one thread. (To write fails with EAGAIN after 2^64
    // Wakeups.)
    {"read", EAGAIN, kNobody},
    {"read", EINTR, kNobody},
    {"write", EINTR, kNobody},
    {"close", EINTR, kNobody, Effect::kDone},
    {"close", EIO, kNobody, Effect::kDone},
    {"dup3", EBUSY, kNobody},
    {"dup3", EINTR, kNobody},
    {"dup3", EMFILE, kNobody},
    // By a filter of system calls.
    {"fcntl(F_GETFL)", EPERM, StatusCode::kPermissionDenied},
    {"fstat", ENOMEM, kNobody},
    {"poll", EINTR, kNobody, Effect::kIdle},
    {"poll", ENOMEM, kShort},
    {"poll", EINVAL, kShort},  // more than RLIMIT_NOFILE
    {"ppoll", EINTR, kNobody, Effect::kIdle},
    {"ppoll", ENOMEM, kShort},
    {"ppoll", EINVAL, kShort},
    {"pselect", EINTR, kNobody, Effect::kIdle},
    {"pselect", ENOMEM, kShort},
    {"pselect", EINVAL, StatusCode::kInvalidArgument},
};

// Those of FreeBSD 13, NetBSD 9, OpenBSD 7 and macOS 11 together.
constexpr Failure kKqueueFailures[] = {
    {"kqueue", EMFILE, kShort},
    {"kqueue", ENFILE, kShort},
    {"kqueue", ENOMEM, kShort},
    // "All changes contained in the changelist have been applied."
    {"kevent(changes)", EINTR, kNobody, Effect::kDone},
    {"kevent(EV_ADD)", ENOMEM, kShort},
    {"kevent(trigger)", EINTR, kNobody, Effect::kDone},
    {"kevent(wait)", EINTR, kNobody, Effect::kIdle},
    // To make a queue or a pipe close-on-exec. By a filter of system calls.
    {"fcntl(F_SETFD)", EPERM, StatusCode::kPermissionDenied},
    {"fcntl(F_SETFL)", EPERM, StatusCode::kPermissionDenied},
    {"pipe", EMFILE, kShort},
    {"pipe", ENFILE, kShort},
    {"pipe", ENOMEM, kShort},
    {"poll", EINTR, kNobody, Effect::kIdle},
    {"poll", EAGAIN, kShort},  // no memory
    {"poll", EINVAL, kShort},
    {"kernel's fstat", EIO, kNobody},
    {"getsockopt", ENOBUFS, kNobody},
    {"getsockopt", ENOMEM, kNobody},
    {"getsockname", ENOBUFS, kNobody},
    {"read", EAGAIN, kNobody},
    {"read", EINTR, kNobody},
    {"write", EAGAIN, kNobody, Effect::kFilled},
    {"write", EINTR, kNobody},
    {"close", EINTR, kNobody, Effect::kDone},
    {"close", EIO, kNobody, Effect::kDone},
};

constexpr StatusCode kGone = StatusCode::kUnavailable;
constexpr StatusCode kDenied = StatusCode::kPermissionDenied;
constexpr StatusCode kTaken = StatusCode::kAlreadyExists;

constexpr Failure kNetFailures[] = {
    // In the queue of connections are no dead ones.
    {"accept4", ECONNABORTED, kNobody},
    {"accept4", EHOSTDOWN, kNobody},
    {"accept4", EHOSTUNREACH, kNobody},
    {"accept4", EINTR, kNobody},
    {"accept4", EMFILE, kShort},
    {"accept4", ENETDOWN, kNobody},
    {"accept4", ENETUNREACH, kNobody},
    {"accept4", ENFILE, kShort},
    {"accept4", ENOBUFS, kShort},
    {"accept4", ENOMEM, kShort},
    {"accept4", ENONET, kNobody},
    {"accept4", ENOPROTOOPT, kNobody},
    {"accept4", EOPNOTSUPP, kNobody},
    {"accept4", EPERM, kDenied},
    {"accept4", EPROTO, kNobody},
    {"bind", EACCES, kDenied},
    {"bind", EADDRINUSE, kTaken, Effect::kNone,
     StatusCode::kFailedPrecondition},
    {"bind", EADDRNOTAVAIL, kTaken},
    {"bind", ENOMEM, kShort},
    {"close", EINTR, kNobody, Effect::kDone},
    {"close", EIO, kNobody, Effect::kDone},
    // Behind a path that nobody can connect to there may be a server.
    {"connect", EACCES, kDenied, Effect::kNone, kTaken},
    {"connect", EADDRNOTAVAIL, kGone, Effect::kNone, kTaken},
    {"connect", EAGAIN, kGone, Effect::kNone, kTaken},
    {"connect", ECONNREFUSED, kGone, Effect::kNone, kTaken},
    {"connect", EINTR, kNobody, Effect::kDone},
    {"connect", ENETUNREACH, kGone, Effect::kNone, kTaken},
    {"getaddrinfo", EAI_AGAIN, StatusCode::kNotFound},
    {"getaddrinfo", EAI_FAIL, StatusCode::kNotFound},
    {"getaddrinfo", EAI_MEMORY, kShort},
    {"getaddrinfo", EAI_SYSTEM, kShort},
    {"getaddrinfo", EAI_SYSTEM, kShort},  // with an errno of socket(2)
    {"getpeername", ENOBUFS, kShort},
    {"getsockname", ENOBUFS, kShort},
    {"if_nametoindex", EMFILE, kShort},  // those of socket(2)
    {"if_nametoindex", ENOMEM, kShort},
    {"listen", EADDRINUSE, kTaken},
    {"lstat", EACCES, kDenied},
    {"lstat", ENOMEM, kShort},
    {"pipe2", EMFILE, kShort},
    {"pipe2", ENFILE, kShort},
    {"poll", EINTR, kNobody, Effect::kIdle},
    {"poll", EINVAL, StatusCode::kInvalidArgument},
    {"poll", ENOMEM, kShort},
    {"recv", ECONNRESET, kGone},
    {"recv", EINTR, kNobody},
    {"recv", ENOMEM, kShort},
    {"recv", ETIMEDOUT, kGone},
    {"recvmsg", ECONNREFUSED, kGone},
    {"recvmsg", EINTR, kNobody},
    {"recvmsg", ENOMEM, kShort},
    {"send", ECONNRESET, kGone},
    {"send", EINTR, kNobody},
    {"send", ENOBUFS, kShort},
    {"send", ENOMEM, kShort},
    {"send", EPIPE, kGone},
    {"sendto", ECONNREFUSED, kGone},
    {"sendto", EINTR, kNobody},
    {"sendto", ENETUNREACH, kGone},
    {"sendto", ENOBUFS, kShort},
    {"sendto", ENOMEM, kShort},
    {"sendto", ENOTCONN, kGone},
    {"sendto", EPERM, kDenied},
    {"setsockopt", ENOMEM, kShort},
    {"shutdown", ENOTCONN, kGone},
    {"socket", EACCES, kDenied},
    {"socket", EMFILE, kShort},
    {"socket", ENFILE, kShort},
    {"socket", ENOBUFS, kShort},
    {"socket", ENOMEM, kShort},
    {"socketpair", EMFILE, kShort},
    {"socketpair", ENFILE, kShort},
    {"unlink", EACCES, kDenied},
    {"unlink", EBUSY, StatusCode::kFailedPrecondition},
    // Somebody else was sooner.
    {"unlink", ENOENT, kNobody, Effect::kDone},
    {"unlink", ENOMEM, kShort},
    {"unlink", EROFS, kDenied},
};

constexpr absl::string_view kPollersDoNotFail[] = {
    // It takes away what is there, and needs no memory (fs/eventpoll.c,
    // ep_remove; sys/kern/kern_event.c, kqueue_register).
    "epoll_ctl(DEL)",
    "kevent(EV_DELETE)",
    // By kqueue on macOS, besides its kernel's: whether the file is one that is
    // never of priority (R14), which is taken for no if it cannot be told.
    "fstat",
    // Once in a process: see process_mark_test.
    "mmap",
    "madvise",
    // Only for what is not open.
    "fcntl(F_GETFD)",
    // On the BSDs, of which no filter takes it away.
    "fcntl(F_GETFL)",
};

constexpr absl::string_view kNetDoesNotFail[] = {
    // Only for what is no socket, or has no such option.
    "getsockopt",
};

}  // namespace

bool Failure::MayBeTold(absl::StatusCode code) const {
  return told != kNobody &&
         (code == told || code == told_too || code == kShort);
}

bool Failure::MayDelay() const {
  return told != kNobody || absl::EndsWith(call, "fstat");
}

std::string Failure::ToString() const {
  return absl::StrCat(call, " ", ErrorName(error));
}

std::string ErrorName(int error) {
  if (error < 0) return absl::StrCat("EAI", error);
  const char* const name = ::strerrorname_np(error);
  return name == nullptr ? absl::StrCat(error) : name;
}

absl::Span<const Failure> PollerFailures() { return kPollerFailures; }
absl::Span<const Failure> KqueueFailures() { return kKqueueFailures; }
absl::Span<const Failure> NetFailures() { return kNetFailures; }

absl::Span<const absl::string_view> CallsOfPollersThatDoNotFail() {
  return kPollersDoNotFail;
}
absl::Span<const absl::string_view> CallsOfNetThatDoNotFail() {
  return kNetDoesNotFail;
}

}  // namespace isopoll::tests
