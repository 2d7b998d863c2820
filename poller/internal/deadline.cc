#include "poller/internal/deadline.h"

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
  return absl::ToTimespec(
      std::min(absl::Ceil(remaining, absl::Nanoseconds(1)), absl::Seconds(1)));
}

}  // namespace internal
}  // namespace isopoll
