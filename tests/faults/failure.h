// Failure: what a system call may fail with. The tables of all are here.

#ifndef ISOPOLL_TESTS_FAULTS_FAILURE_H_
#define ISOPOLL_TESTS_FAULTS_FAILURE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace isopoll::tests {

// What has become of the call that failed.
enum class Effect {
  kNone,
  kDone,    // the kernel did it all the same: close(2), "error returns"
  kFilled,  // there was no room, for as much as could be was written before
  kIdle,    // it looked first: it fails only if there is nothing to report
};

struct Failure {
  // As the caller names it: "epoll_ctl(ADD)".
  absl::string_view call;
  // An errno; of getaddrinfo, which has errors of its own, one of those.
  int error;
  // What the code that made the call may say to its own caller; kOk: nothing,
  // it has to do without.
  absl::StatusCode told;
  Effect effect = Effect::kNone;
  // The same, where it depends on what the call was for.
  absl::StatusCode told_too = told;

  // Whether it may say `code`. ResourceExhausted is right in place of any code.
  bool MayBeTold(absl::StatusCode code) const;

  // Whether what there is to report may be reported one Wait later, if the Wait
  // whose call failed has others to report: an error of one change is no matter
  // of the others, and which numbers were closed fstat(2) tells.
  bool MayDelay() const;

  // "epoll_ctl(ADD) ENOSPC".
  std::string ToString() const;
};

// An errno's name: "EINTR". Of others the number.
std::string ErrorName(int error);

// For each, the errors that the manual of the call lists and that can happen to
// a caller who does nothing wrong: no EBADF, EFAULT or EINVAL of an argument
// that is none. What no caller can tell from a rarer error is not repeated.
//
// Those of epoll, poll and select on Linux; those of kqueue, by the manuals of
// the systems that have it; and those of net/ on Linux.
absl::Span<const Failure> PollerFailures();
absl::Span<const Failure> KqueueFailures();
absl::Span<const Failure> NetFailures();

// Calls of the same code that do not fail; why is said with each.
absl::Span<const absl::string_view> CallsOfPollersThatDoNotFail();
absl::Span<const absl::string_view> CallsOfNetThatDoNotFail();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_FAULTS_FAILURE_H_
