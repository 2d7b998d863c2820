// Where only sockets of the Internet can be watched.

#include "tests/support/special_commands.h"

namespace isopoll::tests {

absl::Span<const Command> SpecialKinds() { return {}; }

absl::Span<const Command> SpecialActions() { return {}; }

absl::Span<const Command> FileActions() { return {}; }

absl::Span<const Command> ThresholdActions() { return {}; }

}  // namespace isopoll::tests
