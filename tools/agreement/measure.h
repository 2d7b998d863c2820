// Measuring: each state is made once, and all look at it at the same moment.

#ifndef ISOPOLL_TOOLS_AGREEMENT_MEASURE_H_
#define ISOPOLL_TOOLS_AGREEMENT_MEASURE_H_

#include <cstddef>
#include <functional>
#include <string>

#include "absl/types/span.h"
#include "tests/support/catalogue.h"
#include "tools/agreement/matrix.h"
#include "tools/agreement/observer.h"

namespace isopoll::agreement {

// Called before each state is made, with how many were before it.
using OnState = std::function<void(size_t done, const tests::State& state)>;

// The matrix of `states`: the first column is the reference's, the others are
// those of `observers`. There is no verdict in it yet. A state that cannot be
// made has one row, with the problem.
Matrix Measure(absl::Span<const tests::State> states,
               const Observers& observers, const OnState& on_state);

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_MEASURE_H_
