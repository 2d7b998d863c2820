#include "echo/service/options.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace isopoll::echo {
namespace {

constexpr size_t kMaxBufferBytes = size_t{64} << 20;

absl::Status CheckPositive(absl::string_view what, absl::Duration value) {
  if (value > absl::ZeroDuration()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      what, " must be positive, not ", absl::FormatDuration(value)));
}

absl::Status CheckNotNegative(absl::string_view what, absl::Duration value) {
  if (value >= absl::ZeroDuration()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      what, " must not be negative: ", absl::FormatDuration(value)));
}

}  // namespace

absl::Status CheckOptions(const ServerOptions& options) {
  absl::Status status;
  if (options.buffer_bytes < 1 || options.buffer_bytes > kMaxBufferBytes) {
    status = absl::InvalidArgumentError(
        absl::StrCat("the buffer of a connection must have 1 to ",
                     kMaxBufferBytes, " bytes, not ", options.buffer_bytes));
  }
  status.Update(CheckPositive("the idle timeout", options.idle_timeout));
  status.Update(
      CheckPositive("the time to accept again", options.accept_retry));
  status.Update(CheckNotNegative("the drain timeout", options.drain_timeout));
  status.Update(CheckNotNegative("the delay", options.delay));
  return status;
}

}  // namespace isopoll::echo
