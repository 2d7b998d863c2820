// The commands that only some systems have. Where this one has none of a table,
// that is empty.

#ifndef ISOPOLL_TESTS_SUPPORT_SPECIAL_COMMANDS_H_
#define ISOPOLL_TESTS_SUPPORT_SPECIAL_COMMANDS_H_

#include "absl/types/span.h"
#include "tests/support/command.h"

namespace isopoll::tests {

// Kinds of descriptors beyond sockets of the Internet.
absl::Span<const Command> SpecialKinds();
// What is done to such kinds.
absl::Span<const Command> SpecialActions();
// What is done to numbers and to the files behind them.
absl::Span<const Command> FileActions();
// Options that make a socket ready later.
absl::Span<const Command> ThresholdActions();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_SPECIAL_COMMANDS_H_
