// Selection: the states that a filter names.

#ifndef ISOPOLL_TOOLS_AGREEMENT_SELECTION_H_
#define ISOPOLL_TOOLS_AGREEMENT_SELECTION_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tests/support/catalogue.h"

namespace isopoll::agreement {

// Those whose name contains `filter` or, if it has one of *?[ in it, matches
// it as file names match in a shell. InvalidArgument if there is none.
absl::StatusOr<std::vector<tests::State>> Select(
    absl::Span<const tests::State> states, absl::string_view filter);

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_SELECTION_H_
