// The errors that every backend must word alike.

#ifndef ISOPOLL_POLLER_INTERNAL_ERRORS_H_
#define ISOPOLL_POLLER_INTERNAL_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace isopoll {
namespace internal {

// FailedPrecondition: `fd` is closed, or open with O_PATH only.
absl::Status NotOpen(int fd);

// Internal: `fd`, which the poller made for itself, is no longer its own.
absl::Status OwnDescriptorClosed(int fd);

// What the kernel said, `error` being an errno, of `call`.
absl::Status CallError(int error, absl::string_view call);
absl::Status CallError(int error, absl::string_view call, int fd);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_ERRORS_H_
