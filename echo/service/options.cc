#include "echo/service/options.h"

#include "absl/strings/str_cat.h"

namespace isopoll::echo {

absl::Status CheckOptions(const ServerOptions& options) {
  constexpr size_t kMostBytes = size_t{64} << 20;
  constexpr absl::Duration kZero;
  absl::Status status;
  const auto expect = [&status](bool right, const auto&... words) {
    if (!right) {
      status.Update(absl::InvalidArgumentError(absl::StrCat(words...)));
    }
  };
  expect(options.buffer_bytes >= 1 && options.buffer_bytes <= kMostBytes,
         "the buffer of a connection must have 1 to ", kMostBytes,
         " bytes, not ", options.buffer_bytes);
  expect(options.idle_timeout > kZero, "the idle timeout must be positive");
  expect(options.accept_retry > kZero, "the accept retry must be positive");
  expect(options.drain_timeout >= kZero,
         "the drain timeout must not be negative");
  expect(options.delay >= kZero, "the delay must not be negative");
  return status;
}

}  // namespace isopoll::echo
