#include "tests/support/shrink.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "tests/support/step.h"

namespace isopoll::tests {
namespace {

// `scenario` without `count` steps from `first` on, and without those that
// make no sense any more.
Scenario Without(const Scenario& scenario, size_t first, size_t count) {
  std::vector<Step> steps = scenario.steps();
  const auto begin = steps.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = steps.begin() + static_cast<std::ptrdiff_t>(
                                       std::min(first + count, steps.size()));
  steps.erase(begin, end);
  return Scenario::Salvage(std::move(steps));
}

}  // namespace

Scenario Shrink(const Scenario& failing,
                const std::function<bool(const Scenario&)>& fails,
                absl::Duration at_most) {
  const absl::Time deadline = absl::Now() + at_most;
  Scenario best = failing;
  for (size_t count = best.steps().size() / 2; count > 0;) {
    bool shorter = false;
    // From the end, so that uses go before what they use.
    for (size_t first = best.steps().size(); first > 0;) {
      first -= std::min(first, count);
      if (absl::Now() > deadline) return best;
      Scenario candidate = Without(best, first, count);
      if (candidate.steps().size() < best.steps().size() && fails(candidate)) {
        best = std::move(candidate);
        first = std::min(first, best.steps().size());
        shorter = true;
      }
    }
    if (count > 1) {
      count /= 2;
    } else if (!shorter) {
      break;
    }
  }
  return best;
}

}  // namespace isopoll::tests
