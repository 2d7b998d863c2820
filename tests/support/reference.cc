#include "tests/support/reference.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/support/numbers.h"
#include "tests/support/reference_calls.h"

namespace isopoll::tests {
namespace {

constexpr absl::Duration kRestless = absl::Seconds(10);

}  // namespace

absl::StatusOr<Snapshot> Look(absl::Span<const int> fds) {
  Snapshot snapshot;
  std::vector<int> open;
  for (int fd : fds) {
    if (IsOpen(fd)) {
      open.push_back(fd);
    } else {
      snapshot[fd].closed = true;
    }
  }
  if (open.empty()) return snapshot;
  if (absl::Status status = AskSelect(open, snapshot); !status.ok()) {
    return status;
  }
  if (absl::Status status = AskPoll(open, snapshot); !status.ok()) {
    return status;
  }
  return snapshot;
}

absl::StatusOr<Snapshot> LookAtRest(absl::Span<const int> fds) {
  const absl::Time deadline = absl::Now() + kRestless;
  absl::StatusOr<Snapshot> before = Look(fds);
  while (before.ok()) {
    absl::StatusOr<Snapshot> after = Look(fds);
    if (!after.ok() || *after == *before) return after;
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(
          "the descriptors' states kept changing for 10 s");
    }
    before = std::move(after);
  }
  return before;
}

absl::Status AwaitReady(int fd, Interest ready, absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  while (true) {
    absl::StatusOr<Snapshot> snapshot = Look({fd});
    if (!snapshot.ok()) return snapshot.status();
    const Answer& answer = snapshot->at(fd);
    if (!answer.closed && answer.ready == ready) return absl::OkStatus();
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat("select(2) says ", answer.ToString(), " after ",
                       absl::FormatDuration(patience)));
    }
    // The state to come need not be one that poll(2) can wait for, such as
    // "not readable": look again each millisecond.
    absl::SleepFor(absl::Milliseconds(1));
  }
}

}  // namespace isopoll::tests
