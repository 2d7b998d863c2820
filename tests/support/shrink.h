// Shrink: from a scenario that fails to the shortest that does.

#ifndef ISOPOLL_TESTS_SUPPORT_SHRINK_H_
#define ISOPOLL_TESTS_SUPPORT_SHRINK_H_

#include <functional>

#include "absl/time/time.h"
#include "tests/support/scenario.h"

namespace isopoll::tests {

// Leaves out of `failing` whatever can be left out such that `fails` still
// says true: first large parts, then single steps, until no single one can go
// or `at_most` has passed.
Scenario Shrink(const Scenario& failing,
                const std::function<bool(const Scenario&)>& fails,
                absl::Duration at_most);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_SHRINK_H_
