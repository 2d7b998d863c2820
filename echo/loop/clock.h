// SteadyNow: the time on the steady clock, which no one sets back.

#ifndef ISOPOLL_ECHO_LOOP_CLOCK_H_
#define ISOPOLL_ECHO_LOOP_CLOCK_H_

#include <chrono>

#include "absl/time/time.h"

namespace isopoll::echo {

// The time since the steady clock's epoch. An absl::Duration, because it
// saturates where chrono would overflow: an infinite one is never.
inline absl::Duration SteadyNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOOP_CLOCK_H_
