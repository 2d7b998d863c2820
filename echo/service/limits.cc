#include "echo/service/limits.h"

#include "absl/strings/str_cat.h"

namespace isopoll::echo {
namespace {

constexpr size_t kMaxBufferBytes = size_t{64} << 20;

absl::Status CheckPositive(absl::string_view what, absl::Duration value) {
  if (value > absl::ZeroDuration()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      what, " must be positive, not ", absl::FormatDuration(value)));
}

}  // namespace

absl::Status CheckLimits(const Limits& limits) {
  if (limits.buffer_bytes < 1 || limits.buffer_bytes > kMaxBufferBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the buffer of a connection must have 1 to ",
                     kMaxBufferBytes, " bytes, not ", limits.buffer_bytes));
  }
  absl::Status status = CheckPositive("the idle time", limits.idle);
  status.Update(CheckPositive("the rate window", limits.rate_window));
  return status;
}

}  // namespace isopoll::echo
