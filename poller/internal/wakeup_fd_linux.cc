#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/status/statusor.h"
#include "net/unique_fd.h"
#include "poller/internal/errors.h"
#include "poller/internal/wakeup_fd.h"

namespace isopoll {
namespace internal {

absl::StatusOr<WakeupFd> WakeupFd::Create() {
  UniqueFd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd) return CallError(errno, "eventfd");
  return WakeupFd(std::move(fd), UniqueFd());
}

void WakeupFd::Signal() const {
  const int saved_errno = errno;
  const uint64_t one = 1;
  // EAGAIN means the counter is at its limit, and so the fd readable.
  while (::write(read_end_.get(), &one, sizeof(one)) == -1 && errno == EINTR) {
  }
  errno = saved_errno;
}

void WakeupFd::Drain() const {
  uint64_t count;
  while (::read(read_end_.get(), &count, sizeof(count)) == -1 &&
         errno == EINTR) {
  }
}

}  // namespace internal
}  // namespace isopoll
