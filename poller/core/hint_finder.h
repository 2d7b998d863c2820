// HintFinder: makes hints complete, for PollerOptions::exact_hints.

#ifndef ISOPOLL_POLLER_CORE_HINT_FINDER_H_
#define ISOPOLL_POLLER_CORE_HINT_FINDER_H_

#include <vector>

#include "absl/types/span.h"
#include "isopoll/event.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/platform.h"

namespace isopoll {
namespace internal {

class HintFinder {
 public:
  // `calls` outlive it.
  explicit HintFinder(const DescriptorCalls& calls) : calls_(calls) {}

  // Adds to each event the hints that poll(2) has for its fd now. Backends that
  // use it alone have equal hints. Neither SO_ERROR nor MSG_PEEK would do: both
  // consume the error they find.
  void AddHints(absl::Span<Event> events);

 private:
  void Poll();

  const DescriptorCalls& calls_;
  std::vector<PollEntry>
      entries_;  // kept, so that a warm Wait allocates nothing
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_HINT_FINDER_H_
