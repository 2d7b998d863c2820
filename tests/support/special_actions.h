// What a scenario can do to timers, counters, children, terminals and such.

#ifndef ISOPOLL_TESTS_SUPPORT_SPECIAL_ACTIONS_H_
#define ISOPOLL_TESTS_SUPPORT_SPECIAL_ACTIONS_H_

#include "absl/types/span.h"
#include "tests/support/command.h"

namespace isopoll::tests {

absl::Span<const Command> SpecialActions();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_SPECIAL_ACTIONS_H_
