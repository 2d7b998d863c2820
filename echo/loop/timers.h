// Timer and Timers: what is due when. Beside the Poller, not in it.

#ifndef ISOPOLL_ECHO_LOOP_TIMERS_H_
#define ISOPOLL_ECHO_LOOP_TIMERS_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace isopoll::echo {

// The time on the steady clock, which no one sets back, since its epoch. An
// absl::Duration, because it saturates where chrono would overflow: an infinite
// one is never.
inline absl::Duration SteadyNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

class Timers;

// Something that happens at a time. Derive from it, or own it.
class Timer {
 public:
  Timer() = default;
  // Cancels it.
  virtual ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // The time has come, and the timer is no longer set; it may be set again, or
  // destroyed. An error ends the loop.
  virtual absl::Status OnTimer() = 0;

  bool set() const { return timers_ != nullptr; }
  // When; infinite unless set.
  absl::Duration at() const { return at_; }

 private:
  friend class Timers;

  Timers* timers_ = nullptr;
  absl::Duration at_ = absl::InfiniteDuration();
};

// Set and Cancel take time in the logarithm of how many are set. Used from one
// thread at a time.
class Timers {
 public:
  Timers() = default;
  // Cancels all.
  ~Timers();
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  // Sets `timer`, or sets it again. Infinite cancels it. A timer belongs to one
  // Timers at a time.
  void Set(Timer& timer, absl::Duration at);
  void Cancel(Timer& timer);

  // When the first is due; infinite if none is set.
  absl::Duration next() const {
    return set_.empty() ? absl::InfiniteDuration() : set_.begin()->first;
  }
  size_t size() const { return set_.size(); }

  // Calls what is due at `now`, the earliest first. A timer that is set again
  // by its call has to wait for another RunDue, whatever its time. Stops at the
  // first error and returns it; what is left is still due.
  absl::Status RunDue(absl::Duration now);

 private:
  std::set<std::pair<absl::Duration, Timer*>> set_;
};

// Calls a function in intervals, for as long as it lives.
class Ticker : private Timer {
 public:
  // `timers` must outlive this object.
  Ticker(Timers& timers, absl::Duration interval, std::function<void()> call);

 private:
  absl::Status OnTimer() override;

  Timers& timers_;
  const absl::Duration interval_;
  const std::function<void()> call_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOOP_TIMERS_H_
