// Harvest: turns what a kernel call found into the caller's events.

#ifndef ISOPOLL_POLLER_INTERNAL_HARVEST_H_
#define ISOPOLL_POLLER_INTERNAL_HARVEST_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "poller/event.h"
#include "poller/interest.h"
#include "poller/internal/registry.h"

namespace isopoll {
namespace internal {

// The hints a kernel call gave for nothing, as a set of Hint bits.
using HintBits = uint8_t;

// The events of one Wait, which may take several kernel calls. Used with the
// core's lock held.
class Harvest {
 public:
  enum class Outcome {
    kReported,  // written to the caller's span
    kUnasked,   // nothing of it was asked for: a backend that would be told
                // again at once must mute the fd
    kOutdated,  // the registration changed, or the fd was closed, meanwhile
    kRepeated,  // this Wait has reported the fd before
  };

  // Writes to the front of `events`. `wait` numbers the Wait.
  Harvest(Registry* registry, absl::Span<Event> events, uint32_t wait,
          bool take_hints, bool report_closed)
      : registry_(*registry),
        events_(events),
        wait_(wait),
        take_hints_(take_hints),
        report_closed_(report_closed) {}

  // A kernel call begins: what it finds is as old as this.
  void BeginRound();

  // `fd`, which is or was registered, is in the states `ready`. Not to be
  // called when full().
  Outcome Offer(int fd, Interest ready, HintBits hints);

  // `fd` was closed without Remove. True: it is to be watched no more, and was
  // reported as closed if the caller wants that and there was room. False: the
  // registration changed after the kernel looked.
  bool OfferClosed(int fd);

  // Whether `generation` names the registration that `fd` has now, or had when
  // the kernel looked: if not, the kernel holds on to a file that was closed.
  bool Knows(int fd, uint32_t generation) const;

  // Says that another look at once may find what this one could not take.
  void LookAgain() { look_again_ = true; }
  bool look_again() const { return look_again_; }

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
  Registry& registry_;
  const absl::Span<Event> events_;
  const uint32_t wait_;
  const bool take_hints_;
  const bool report_closed_;
  uint64_t snapshot_ = 0;  // Registry::changes() when the round began
  size_t count_ = 0;
  size_t count_before_round_ = 0;
  bool look_again_ = false;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_HARVEST_H_
