// The calls of the system that the reference is made of.

#ifndef ISOPOLL_TESTS_SUPPORT_REFERENCE_CALLS_H_
#define ISOPOLL_TESTS_SUPPORT_REFERENCE_CALLS_H_

#include <vector>

#include "absl/status/status.h"
#include "tests/support/reference.h"

namespace isopoll::tests {

// Readiness of `fds`, at least one, all open, as select(2) says.
absl::Status AskSelect(const std::vector<int>& fds, Snapshot& snapshot);

// Hints for them, as poll(2) says.
absl::Status AskPoll(const std::vector<int>& fds, Snapshot& snapshot);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_REFERENCE_CALLS_H_
