// Systems without eventfd(2).

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/statusor.h"
#include "isopoll/net/unique_fd.h"
#include "poller/core/errors.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {
namespace internal {
namespace {

bool SetFlags(int fd) {
  return ::fcntl(fd, F_SETFL, O_NONBLOCK) != -1 &&
         ::fcntl(fd, F_SETFD, FD_CLOEXEC) != -1;
}

}  // namespace

// By pipe(2), as macOS has no pipe2: a fork in another thread may catch the
// pipe before it is close-on-exec.
absl::StatusOr<WakeupFd> WakeupFd::Create() {
  int fds[2];
  if (::pipe(fds) == -1) return CallError(errno, "pipe");
  UniqueFd read_end(fds[0]);
  UniqueFd write_end(fds[1]);
  if (!SetFlags(fds[0]) || !SetFlags(fds[1])) return CallError(errno, "fcntl");
  return WakeupFd(std::move(read_end), std::move(write_end));
}

bool WakeupFd::Signal() const {
  const int saved_errno = errno;
  ssize_t count;
  do {
    count = ::write(write_end_.get(), "", 1);
  } while (count == -1 && errno == EINTR);
  // EAGAIN means the pipe is full, and so its other end readable.
  const bool ours = count != -1 || errno == EAGAIN;
  errno = saved_errno;
  return ours;
}

bool WakeupFd::Drain() const {
  char bytes[64];
  ssize_t count;
  do {
    count = ::read(read_end_.get(), bytes, sizeof(bytes));
  } while (count == static_cast<ssize_t>(sizeof(bytes)) ||
           (count == -1 && errno == EINTR));
  return count > 0 || (count == -1 && errno == EAGAIN);
}

}  // namespace internal
}  // namespace isopoll
