// The loop: each call that a poller makes in a scenario fails once, with each
// error it can have.

#ifndef ISOPOLL_TESTS_FAULTS_SCENARIO_FAULTS_H_
#define ISOPOLL_TESTS_FAULTS_SCENARIO_FAULTS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tests/faults/call_log.h"
#include "tests/faults/failure.h"
#include "tests/support/contender.h"
#include "tests/support/scenario.h"

namespace isopoll::tests {

// A kind of poller, and what its system calls can fail with.
struct Victim {
  Contender contender;
  absl::Span<const Failure> failures;
};

// Each kind without options and with all: "epoll", "epoll(exact)".
std::vector<Victim> Victims();

struct LoopOptions {
  // How long a Wait is that the scenario has only look.
  absl::Duration look = absl::ZeroDuration();

  // Whether calls fail also while the poller is made and destroyed, which is
  // the same in every scenario.
  bool ends = false;

  // Of how many calls of one name, in one scenario, each fails in its turn. Of
  // more it is the first ones and the last.
  int most_calls = 3;

  // This fault alone, as Fault::ToString() has it; empty: all.
  std::string only;
};

// What the loop did to one victim.
struct Tally {
  int injected = 0;
  int told = 0;    // to the poller's user, that is
  int missed = 0;  // the run did not come to that call: another thread's doing
  int given_up = 0;  // runs in which what failed was not tried again
};

// Runs `scenario` without a fault, and once with each: what failed is tried
// again, and from there on the judge knows of no fault. If what failed is a
// change, once more, in which it is given up. The first disagreement reads
//   epoll, epoll_ctl(ADD) ENOSPC 2: after step 3 of "...": ...
absl::Status FailEachCall(const Scenario& scenario, const Victim& victim,
                          const LoopOptions& options, Tally* tally);

// How often each call is made in `scenario`.
std::map<std::string, int> CallsIn(const Scenario& scenario,
                                   const Victim& victim,
                                   const LoopOptions& options);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_FAULTS_SCENARIO_FAULTS_H_
