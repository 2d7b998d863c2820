// Linux and FreeBSD.

#include <fcntl.h>

#include "absl/status/status.h"
#include "poller/internal/descriptor.h"
#include "poller/internal/errors.h"

namespace isopoll {
namespace internal {

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

absl::Status CheckOpen(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags == -1 || (flags & O_PATH) != 0) return NotOpen(fd);
  return absl::OkStatus();
}

}  // namespace internal
}  // namespace isopoll
