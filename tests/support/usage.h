// Usage: whether the words of a step are what its command's usage asks for.

#ifndef ISOPOLL_TESTS_SUPPORT_USAGE_H_
#define ISOPOLL_TESTS_SUPPORT_USAGE_H_

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tests/support/step.h"

namespace isopoll::tests {

// The first word of `usage`.
absl::string_view CommandName(absl::string_view usage);

// OK if `step` has the words that `usage` (see Command) asks for; then the
// names it declares are added to `names`. If not, InvalidArgument says which
// word is wrong and what was expected.
absl::Status CheckUsage(absl::string_view usage, const Step& step,
                        std::set<std::string>& names);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_USAGE_H_
