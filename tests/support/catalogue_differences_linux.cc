#include "tests/support/catalogue_differences.h"

namespace isopoll::tests {

absl::Span<const MissingCommand> MissingCommands() { return {}; }

absl::Span<const Difference> CatalogueDifferences() { return {}; }

}  // namespace isopoll::tests
