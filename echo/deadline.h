// Deadline: a point on the steady clock, which no one sets back.

#ifndef ISOPOLL_ECHO_DEADLINE_H_
#define ISOPOLL_ECHO_DEADLINE_H_

#include <algorithm>
#include <chrono>

#include "absl/time/time.h"

namespace isopoll::echo {

// A value type. An infinite timeout gives a deadline that never passes.
class Deadline {
 public:
  static Deadline After(absl::Duration timeout) {
    return Deadline(Now() + timeout);
  }
  static Deadline Never() { return After(absl::InfiniteDuration()); }

  // What is left; zero once it has passed.
  absl::Duration remaining() const {
    return std::max(at_ - Now(), absl::ZeroDuration());
  }
  bool passed() const { return Now() >= at_; }

 private:
  // absl::Duration saturates where chrono would overflow.
  explicit Deadline(absl::Duration at) : at_(at) {}

  static absl::Duration Now() {
    return absl::FromChrono(
        std::chrono::steady_clock::now().time_since_epoch());
  }

  absl::Duration at_;  // since the clock's epoch
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_DEADLINE_H_
