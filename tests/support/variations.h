// Variations: scenarios with pollers, made of scenarios without.

#ifndef ISOPOLL_TESTS_SUPPORT_VARIATIONS_H_
#define ISOPOLL_TESTS_SUPPORT_VARIATIONS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "isopoll/interest.h"
#include "tests/support/answer.h"
#include "tests/support/catalogue.h"
#include "tests/support/scenario.h"

namespace isopoll::tests {

// All eight.
std::vector<Interest> AllInterests();

// `a=rw+c b=w`, in the order of the text.
absl::StatusOr<std::vector<std::pair<std::string, Answer>>> ParseAnswers(
    absl::string_view text);

// The state is reached, then its names are watched with `interest`, and
// looked at three times.
absl::StatusOr<Scenario> WatchAfterwards(const State& state, Interest interest);

// Each name is watched as soon as there is one, and all are looked at after
// each step.
absl::StatusOr<Scenario> WatchAllTheWay(const State& state, Interest interest);

// The change comes while the pollers sleep. If then there is nothing to report
// but a hint, they are given the time to show that they do not spin.
absl::StatusOr<Scenario> SleepThrough(const Transition& transition,
                                      Interest interest);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_VARIATIONS_H_
