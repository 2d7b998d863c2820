// Capability: a part of the contract that a poller may leave unclaimed when it
// is judged. Scenarios that need it then pass it over.

#ifndef ISOPOLL_TESTS_SUPPORT_CAPABILITY_H_
#define ISOPOLL_TESTS_SUPPORT_CAPABILITY_H_

#include <set>
#include <string>

#include "tests/support/scenario.h"
#include "tests/support/step.h"

namespace isopoll::tests {

enum class Capability {
  kPriority,             // interest in out-of-band data
  kSilentHangup,         // R2: interest without readability is not told of one
  kParking,              // R3: an empty interest
  kFairness,             // R5: a span smaller than what is ready
  kOneShot,              // R6
  kWakeup,               // R9
  kChangesWhileAsleep,   // R10, R11: while another thread is in Wait
  kClosedWithoutRemove,  // R12
  kFiles,                // R14: what epoll refuses
};

// What the steps of a scenario need, one after another.
class Requirements {
 public:
  // What `step` needs, coming after those that were noted.
  std::set<Capability> Of(const Step& step) const;
  void Note(const Step& step);

 private:
  std::set<std::string> watched_;
  bool asleep_ = false;
};

// What `scenario` needs.
std::set<Capability> RequirementsOf(const Scenario& scenario);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_CAPABILITY_H_
