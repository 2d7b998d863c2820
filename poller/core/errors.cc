#include "poller/core/errors.h"

#include <cerrno>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "net/internal/errno_status.h"

namespace isopoll {
namespace internal {

absl::Status NotOpen(int fd) {
  return absl::FailedPreconditionError(
      absl::StrCat("fd ", fd,
                   " is not open for use: add a descriptor before closing it, "
                   "and not one opened with O_PATH; on Windows, a socket"));
}

absl::Status OwnDescriptorClosed(int fd) {
  return absl::InternalError(
      absl::StrCat("the poller's own descriptor, fd ", fd,
                   ", was closed by somebody else: look for a close of a "
                   "number that was closed before, and create a new poller"));
}

absl::Status CallError(int error, absl::string_view call) {
  absl::Status status = sys::ErrnoStatus(error, call);
  // Of select and poll on the BSDs: the kernel has no memory for the call.
  return error == EAGAIN ? absl::ResourceExhaustedError(status.message())
                         : status;
}

absl::Status CallError(int error, absl::string_view call, int fd) {
  return CallError(error, absl::StrCat(call, " of fd ", fd));
}

absl::Status OwnDescriptor(int fd) {
  return absl::FailedPreconditionError(
      absl::StrCat("fd ", fd, " is the poller's own descriptor"));
}

absl::Status AlreadyRegistered(int fd) {
  return absl::AlreadyExistsError(
      absl::StrCat("fd ", fd,
                   " is registered: call Modify to change it, and Remove "
                   "before closing it"));
}

absl::Status NotRegistered(int fd) {
  return absl::NotFoundError(
      absl::StrCat("fd ", fd, " is not registered: call Add first"));
}

absl::Status NegativeDescriptor(int fd) {
  return absl::InvalidArgumentError(
      absl::StrCat("fd ", fd, " is negative: no descriptor"));
}

absl::Status UnknownBits(uint8_t bits) {
  return absl::InvalidArgumentError(
      absl::StrCat("interest has unknown bits: ", bits));
}

absl::Status NoRoom() {
  return absl::InvalidArgumentError("Wait needs room for at least one event");
}

absl::Status NegativeTimeout(absl::Duration timeout) {
  return absl::InvalidArgumentError(absl::StrCat(
      "Wait was given a negative timeout, ", absl::FormatDuration(timeout),
      ": use absl::InfiniteDuration() to wait for ever"));
}

absl::Status SecondWait() {
  return absl::FailedPreconditionError(
      "another Wait is running: one poller serves one waiting thread");
}

absl::Status ParentsPoller() {
  return absl::FailedPreconditionError(
      "this poller belongs to the parent process: create one after fork");
}

}  // namespace internal
}  // namespace isopoll
