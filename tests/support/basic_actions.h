// What a scenario can do to any descriptor: transfer, copy, close, await.

#ifndef ISOPOLL_TESTS_SUPPORT_BASIC_ACTIONS_H_
#define ISOPOLL_TESTS_SUPPORT_BASIC_ACTIONS_H_

#include "absl/types/span.h"
#include "tests/support/command.h"

namespace isopoll::tests {

// An action that does not come to all it says (an error, fewer bytes) is an
// error, unless `try` is before it.
absl::Span<const Command> BasicActions();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_BASIC_ACTIONS_H_
