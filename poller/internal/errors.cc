#include "poller/internal/errors.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace isopoll {
namespace internal {

absl::Status NotOpen(int fd) {
  return absl::FailedPreconditionError(
      absl::StrCat("fd ", fd,
                   " is not open for use: add a descriptor before closing it, "
                   "and not one opened with O_PATH"));
}

absl::Status OwnDescriptorClosed(int fd) {
  return absl::InternalError(
      absl::StrCat("the poller's own descriptor, fd ", fd,
                   ", was closed by somebody else: look for a close of a "
                   "number that was closed before, and create a new poller"));
}

absl::Status CallError(int error, absl::string_view call) {
  return absl::ErrnoToStatus(error, call);
}

absl::Status CallError(int error, absl::string_view call, int fd) {
  return absl::ErrnoToStatus(error, absl::StrCat(call, " of fd ", fd));
}

}  // namespace internal
}  // namespace isopoll
