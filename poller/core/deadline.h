// Deadline: a timeout turned into a moment on the steady clock.

#ifndef ISOPOLL_POLLER_CORE_DEADLINE_H_
#define ISOPOLL_POLLER_CORE_DEADLINE_H_

#include <ctime>

#include "absl/time/time.h"

namespace isopoll {
namespace internal {

// The clock is read only for a timeout that is neither zero nor infinite, and
// not before Remaining or Passed is first called: that call starts the time.
class Deadline {
 public:
  // `timeout` is not negative.
  explicit Deadline(absl::Duration timeout) : time_(timeout) {}

  static Deadline Immediate() { return Deadline(absl::ZeroDuration()); }

  bool immediate() const { return time_ == absl::ZeroDuration(); }
  bool infinite() const { return time_ == absl::InfiniteDuration(); }

  // What is left: the whole timeout the first time, zero once it has passed.
  absl::Duration Remaining() {
    return immediate() || infinite() ? time_ : ReadClock();
  }

  bool Passed() { return Remaining() == absl::ZeroDuration(); }

 private:
  absl::Duration ReadClock();

  // The timeout; once it has begun its end, since the clock's epoch.
  absl::Duration time_;
  bool started_ = false;
};

// How long one sleep lasts that may miss an event: see select_misses_errors.
constexpr absl::Duration kErrorQueueDelay = absl::Milliseconds(50);

// `remaining`, not infinite, for a system call: rounded up to a nanosecond, and
// of what is longer than a second the half, after which the caller comes again.
// Linux does not count the time that a process was stopped in pselect or ppoll
// (measured: 200 ms with a stop of 30 ms took 230 ms): it delays a deadline by
// no more than is slept at once. An hour takes 12 calls. Nor does it matter
// that kernels differ in the longest time they take.
timespec ToSleepTime(absl::Duration remaining);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_DEADLINE_H_
