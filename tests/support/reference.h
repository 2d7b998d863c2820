// The reference: what select(2) itself says, and poll(2) about hints.

#ifndef ISOPOLL_TESTS_SUPPORT_REFERENCE_H_
#define ISOPOLL_TESTS_SUPPORT_REFERENCE_H_

#include <map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/interest.h"
#include "tests/support/answer.h"

namespace isopoll::tests {

// Descriptor numbers and the reference's answers.
using Snapshot = std::map<int, Answer>;

// One look at `fds`, of any number, without sleep: readiness from select(2),
// hints from poll(2). A number that is not open is answered with `closed`.
// Nothing is consumed: neither data nor errors.
absl::StatusOr<Snapshot> Look(absl::Span<const int> fds);

// Looks until two looks in a row are equal; DeadlineExceeded after 10 s.
absl::StatusOr<Snapshot> LookAtRest(absl::Span<const int> fds);

// Waits until select(2) says exactly `ready` of `fd`; DeadlineExceeded after
// `patience`, with what it says instead.
absl::Status AwaitReady(int fd, Interest ready, absl::Duration patience);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_REFERENCE_H_
