// The errors that every backend must word alike.

#ifndef ISOPOLL_POLLER_CORE_ERRORS_H_
#define ISOPOLL_POLLER_CORE_ERRORS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace isopoll {
namespace internal {

// FailedPrecondition: `fd` is closed, or open with O_PATH only.
absl::Status NotOpen(int fd);
// Whether what a KernelSet said is that.
inline bool IsNotOpen(const absl::Status& status) {
  return absl::IsFailedPrecondition(status);
}

// Internal: `fd`, which the poller made for itself, is no longer its own.
absl::Status OwnDescriptorClosed(int fd);

// What the kernel said, `error` being an errno, of `call`.
absl::Status CallError(int error, absl::string_view call);
absl::Status CallError(int error, absl::string_view call, int fd);

// What callers do wrong, whatever the backend.
absl::Status OwnDescriptor(int fd);
absl::Status AlreadyRegistered(int fd);
absl::Status NotRegistered(int fd);
absl::Status NegativeDescriptor(int fd);
absl::Status UnknownBits(uint8_t bits);
absl::Status NoRoom();
absl::Status NegativeTimeout(absl::Duration timeout);
absl::Status SecondWait();
absl::Status ParentsPoller();

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_ERRORS_H_
