#include "poller/core/deadline.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

#include "absl/time/time.h"

namespace isopoll {
namespace internal {
namespace {

// An absl::Duration saturates where a chrono one would overflow.
absl::Duration SteadyNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

absl::Duration Deadline::ReadClock() {
  const absl::Duration now = SteadyNow();
  if (!started_) {
    started_ = true;
    return std::exchange(time_, now + time_);
  }
  return std::max(time_ - now, absl::ZeroDuration());
}

timespec ToSleepTime(absl::Duration remaining) {
  constexpr absl::Duration kShort = absl::Seconds(1);
  // No kernel takes more than this for too long (INT32_MAX seconds).
  constexpr absl::Duration kLongest = absl::Hours(24);
  const absl::Duration time =
      std::min(remaining, std::max(kShort, remaining / 2));
  return absl::ToTimespec(
      absl::Ceil(std::min(time, kLongest), absl::Nanoseconds(1)));
}

}  // namespace internal
}  // namespace isopoll
