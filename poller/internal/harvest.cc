#include "poller/internal/harvest.h"

#include <cstdint>

#include "poller/event.h"
#include "poller/interest.h"
#include "poller/internal/descriptor.h"
#include "poller/internal/registry.h"

namespace isopoll {
namespace internal {

void Harvest::BeginRound() {
  snapshot_ = registry_.changes();
  look_again_ = false;
  count_before_round_ = count_;
}

Harvest::Outcome Harvest::Offer(int fd, Interest ready, HintBits hints) {
  if (registry_.ChangedSince(fd, snapshot_)) {
    // What it says of the old registration is nothing for the new one. If the
    // new one is ready, a look with nothing outdated will say so.
    LookAgain();
    return Outcome::kOutdated;
  }
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr) return Outcome::kUnasked;
  if (report_closed_ && !IsOpen(fd)) {
    // select reports what was closed while it slept. The core looks for such
    // before the next kernel call.
    LookAgain();
    return Outcome::kOutdated;
  }
  // No kernel call repeats itself, so this can only be what an earlier one of
  // this Wait found. (The number of the Wait wraps around.)
  if (count_before_round_ > 0 && registration->reported_in == wait_) {
    return Outcome::kRepeated;
  }
  ready &= registration->interest;
  if (ready.empty()) return Outcome::kUnasked;

  Event& event = events_[count_++];
  event = Event(fd, registration->token, ready);
  if (take_hints_) event.AddHints(hints);
  registration->reported_in = wait_;
  if (registration->trigger == Trigger::kOneShot) {
    registration->interest = kNone;
    registry_.Queue(fd, *registration);
  }
  return Outcome::kReported;
}

bool Harvest::OfferClosed(int fd) {
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr || registry_.ChangedSince(fd, snapshot_)) {
    return false;
  }
  registration->applied = kNone;
  if (!report_closed_ || full()) return true;
  Event& event = events_[count_++];
  event = Event(fd, registration->token, kNone);
  event.AddHints(static_cast<HintBits>(Hint::kClosed));
  registry_.Erase(*registration);
  return true;
}

bool Harvest::Knows(int fd, uint32_t generation) const {
  if (registry_.ChangedSince(fd, snapshot_)) return true;
  const Registration* registration = registry_.Find(fd);
  return registration != nullptr && registration->generation == generation;
}

}  // namespace internal
}  // namespace isopoll
