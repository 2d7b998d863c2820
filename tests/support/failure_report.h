// FailureReport: what to show of a walk on which the pollers disagreed.

#ifndef ISOPOLL_TESTS_SUPPORT_FAILURE_REPORT_H_
#define ISOPOLL_TESTS_SUPPORT_FAILURE_REPORT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tests/support/contender.h"
#include "tests/support/runner.h"
#include "tests/support/step.h"

namespace isopoll::tests {

// `done` ended with `status`. If it does so again, the least that fails alike,
// looked for no longer than `shrink_for`, as //tests:replay takes it, and how
// it fails:
//   "tcp a b; close b; wait": after step ...
// If not, that it does not, and `status`.
std::string FailureReport(absl::Span<const Step> done,
                          const absl::Status& status,
                          absl::Span<const Contender> contenders,
                          absl::Duration shrink_for,
                          const RunOptions& options = {});

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_FAILURE_REPORT_H_
