// Timer and Timers: what is due when. Beside the Poller, not in it.

#ifndef ISOPOLL_ECHO_LOOP_TIMERS_H_
#define ISOPOLL_ECHO_LOOP_TIMERS_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace isopoll::echo {

class Timers;

// Something that happens at a time. Derive from it, or own it; it takes no
// memory elsewhere but one pointer in the Timers while it is set.
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
  // When, on the steady clock (see SteadyNow); infinite unless set.
  absl::Duration at() const { return at_; }

 private:
  friend class Timers;

  Timers* timers_ = nullptr;
  size_t index_ = 0;  // where in the heap
  absl::Duration at_ = absl::InfiniteDuration();
};

// A binary heap. Set and Cancel take time in the logarithm of how many are
// set. Used from one thread at a time.
class Timers {
 public:
  Timers() = default;
  // Cancels all.
  ~Timers();
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  // Sets `timer`, or sets it anew. Infinite cancels it. A timer belongs to one
  // Timers at a time.
  void Set(Timer& timer, absl::Duration at);
  void Cancel(Timer& timer);

  // When the first is due; infinite if none is set.
  absl::Duration next() const {
    return heap_.empty() ? absl::InfiniteDuration() : heap_[0]->at_;
  }
  size_t size() const { return heap_.size(); }

  // Calls what is due at `now`, the earliest first. A timer that is set again
  // meanwhile has to wait for another call, whatever its time. Stops at the
  // first error and returns it.
  absl::Status RunDue(absl::Duration now);

 private:
  void Place(Timer* timer, size_t index);
  void Rise(size_t index);
  void Sink(size_t index);

  std::vector<Timer*> heap_;
  std::vector<Timer*> due_;  // taken out by RunDue, and not called yet
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOOP_TIMERS_H_
