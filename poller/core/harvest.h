// Harvest: turns what a kernel call found into the caller's events.

#ifndef ISOPOLL_POLLER_CORE_HARVEST_H_
#define ISOPOLL_POLLER_CORE_HARVEST_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "poller/core/closed_finder.h"
#include "poller/core/registry.h"
#include "poller/system/mask_dialect.h"

namespace isopoll {
namespace internal {

// The events of one Wait, which may take several kernel calls. Used with the
// lock of PollerOn held.
class Harvest {
 public:
  enum class Outcome {
    kReported,  // written to the caller's span
    kUnasked,   // nothing of it was asked for: a backend that would be told
                // again at once must mute the fd
    kOutdated,  // the registration changed, or the fd was closed, meanwhile
    kRepeated,  // this Wait has reported the fd before
  };

  // Writes to the front of `events`. `wait` numbers the Wait. `closed_finder`
  // is for those who want to be told what was closed without Remove, or null.
  Harvest(Registry* registry, absl::Span<Event> events, uint32_t wait,
          ClosedFinder* closed_finder)
      : registry_(*registry),
        events_(events),
        closed_finder_(closed_finder),
        wait_(wait) {}

  // What is offered from now on was found by a kernel call that began when
  // Registry::changes() was `snapshot`.
  void BeginRound(uint64_t snapshot) {
    snapshot_ = snapshot;
    look_again_ = false;
    plain_ = count_ == 0 && closed_finder_ == nullptr;
  }

  // `fd`, which is or was registered, is in the states `ready`. Not to be
  // called when full().
  Outcome Offer(int fd, Interest ready, HintBits hints);

  // The same for a registration of this generation, if it is level-triggered
  // and nothing out of the ordinary is to be thought of, as for nearly all.
  // False: it was not reported, and is for Offer.
  bool OfferPlain(int fd, uint32_t generation, Interest ready, HintBits hints);

  // `fd` was closed without Remove. True: it is to be watched no more, and was
  // reported as closed if the caller wants that, there was room and this Wait
  // has not reported it as ready (R4): else a later Wait will find it closed
  // again. False: the registration changed after the kernel looked.
  bool OfferClosed(int fd);

  // Whether `generation` names the registration that `fd` has now, or had when
  // the kernel looked: if not, the kernel holds on to a file that was closed.
  bool IsKnown(int fd, uint32_t generation) const;

  // Whether `fd`, which the kernel has something to report of, was reported
  // often enough to ask whether the file is the number's still. Once.
  bool TakeCheck(int fd);

  // Has the kernel set told of `fd`, which is registered, before it looks
  // again.
  void Renew(int fd);

  // Says that another look at once may find what this one could not take.
  void LookAgain() { look_again_ = true; }
  bool look_again() const { return look_again_; }

  // The Wait has consumed a Wakeup.
  void SetWoken() { woken_ = true; }
  bool woken() const { return woken_; }

  bool full() const { return count_ == events_.size(); }
  size_t count() const { return count_; }
  absl::Span<Event> events() const { return events_.first(count_); }
  size_t room() const { return events_.size() - count_; }

  Registry& registry() { return registry_; }

  // How many Waits ago `registration` was last reported: 0 is this one.
  uint32_t WaitsSinceReported(const Registration& registration) const {
    return wait_ - registration.reported_in;
  }

 private:
  // Whether this Wait has reported `registration`. (The number of the Wait
  // wraps around, and then another Wait may have: it is reported one Wait
  // late.)
  bool Reported(const Registration& registration) const {
    return count_ > 0 && registration.reported_in == wait_;
  }

  Registry& registry_;
  const absl::Span<Event> events_;
  ClosedFinder* const closed_finder_;
  const uint32_t wait_;
  uint64_t snapshot_ = 0;  // Registry::changes() when the round began
  size_t count_ = 0;
  bool plain_ = false;  // whether there are no rare things in this round
  bool look_again_ = false;
  bool woken_ = false;
};

// Inline is what is done for every event.

inline Harvest::Outcome Harvest::Offer(int fd, Interest ready, HintBits hints) {
  if (registry_.ChangedSince(fd, snapshot_)) {
    // What it says of the old registration is nothing for the new one. If the
    // new one is ready, a look with nothing outdated will say so.
    LookAgain();
    return Outcome::kOutdated;
  }
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr) return Outcome::kUnasked;
  if (Reported(*registration)) return Outcome::kRepeated;
  if (closed_finder_ != nullptr && closed_finder_->Closed(fd)) {
    // select reports what was closed while it slept. PollerOn looks for such
    // before the next kernel call.
    LookAgain();
    return Outcome::kOutdated;
  }
  ready &= registration->interest;
  if (ready.empty()) return Outcome::kUnasked;

  Event& event = events_[count_++];
  event = Event(fd, registration->token, ready);
  event.AddHints(hints);
  registration->reported_in = wait_;
  if (registration->unchecked_reports < kReportsBetweenChecks) {
    ++registration->unchecked_reports;
  }
  if (registration->trigger == Trigger::kOneShot) {
    registration->interest = kNone;
    registry_.Queue(fd, *registration);
  }
  return Outcome::kReported;
}

inline bool Harvest::OfferPlain(int fd, uint32_t generation, Interest ready,
                                HintBits hints) {
  Registration& registration = registry_.At(fd);
  ready &= registration.interest;  // which is empty where none is registered
  if (!plain_ || ready.empty() || registration.generation != generation ||
      registration.changed_at > snapshot_ ||
      registration.trigger != Trigger::kLevel ||
      registration.unchecked_reports == kReportsBetweenChecks) {
    return false;
  }
  ++registration.unchecked_reports;
  registration.reported_in = wait_;
  Event& event = events_[count_++];
  event = Event(fd, registration.token, ready);
  event.AddHints(hints);
  return true;
}

inline bool Harvest::IsKnown(int fd, uint32_t generation) const {
  if (registry_.ChangedSince(fd, snapshot_)) return true;
  const Registration* registration = registry_.Find(fd);
  return registration != nullptr && registration->generation == generation;
}

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_HARVEST_H_
