// SteadyNow and Deadline: time on the steady clock, which no one sets back.

#ifndef ISOPOLL_ECHO_LOOP_DEADLINE_H_
#define ISOPOLL_ECHO_LOOP_DEADLINE_H_

#include <algorithm>
#include <chrono>

#include "absl/time/time.h"

namespace isopoll::echo {

// The time since the steady clock's epoch. An absl::Duration, because it
// saturates where chrono would overflow: an infinite one is never.
inline absl::Duration SteadyNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

// A value type. An infinite timeout gives a deadline that never passes.
class Deadline {
 public:
  static Deadline After(absl::Duration timeout) {
    return Deadline(SteadyNow() + timeout);
  }
  static Deadline Never() { return After(absl::InfiniteDuration()); }

  // What is left; zero once it has passed.
  absl::Duration remaining() const {
    return std::max(at_ - SteadyNow(), absl::ZeroDuration());
  }
  bool passed() const { return SteadyNow() >= at_; }

 private:
  explicit Deadline(absl::Duration at) : at_(at) {}

  absl::Duration at_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOOP_DEADLINE_H_
