// Waiting, with a bound, for what no system call can wait for.

#ifndef ISOPOLL_TESTS_CONFORMANCE_EVENTUALLY_H_
#define ISOPOLL_TESTS_CONFORMANCE_EVENTUALLY_H_

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"

namespace isopoll {

// How long the suite waits for what must happen. Far more than a loaded machine
// needs, so that only a broken poller ever takes so long.
constexpr absl::Duration kBound = absl::Seconds(20);

// Looks at `condition` until it holds, for at most kBound. Whether it held.
bool Eventually(absl::FunctionRef<bool()> condition);

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_EVENTUALLY_H_
