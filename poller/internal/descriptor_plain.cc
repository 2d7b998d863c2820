// Systems without O_PATH.

#include <fcntl.h>

#include "absl/status/status.h"
#include "poller/internal/descriptor.h"
#include "poller/internal/errors.h"

namespace isopoll {
namespace internal {

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

absl::Status CheckOpen(int fd) {
  return IsOpen(fd) ? absl::OkStatus() : NotOpen(fd);
}

}  // namespace internal
}  // namespace isopoll
