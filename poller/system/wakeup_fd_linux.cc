#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/status/statusor.h"
#include "isopoll/net/unique_fd.h"
#include "poller/core/errors.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {
namespace internal {

absl::StatusOr<WakeupFd> WakeupFd::Create() {
  UniqueFd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd) return CallError(errno, "eventfd");
  return WakeupFd(std::move(fd), UniqueFd());
}

bool WakeupFd::Signal() const {
  const int saved_errno = errno;
  const uint64_t one = 1;
  ssize_t count;
  do {
    count = ::write(read_end_.get(), &one, sizeof(one));
  } while (count == -1 && errno == EINTR);
  // EAGAIN means the counter is at its limit, and so the fd readable.
  const bool ours = count != -1 || errno == EAGAIN;
  errno = saved_errno;
  return ours;
}

bool WakeupFd::Drain() const {
  uint64_t value;
  ssize_t count;
  do {
    count = ::read(read_end_.get(), &value, sizeof(value));
  } while (count == -1 && errno == EINTR);
  return count == sizeof(value) || (count == -1 && errno == EAGAIN);
}

}  // namespace internal
}  // namespace isopoll
