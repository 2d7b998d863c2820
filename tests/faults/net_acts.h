// NetAct: a call of a function of net/, with all that it needs.

#ifndef ISOPOLL_TESTS_FAULTS_NET_ACTS_H_
#define ISOPOLL_TESTS_FAULTS_NET_ACTS_H_

#include <functional>
#include <ostream>
#include <vector>

#include "absl/status/status.h"

namespace isopoll::tests {

// Calls the function and returns what it says. It may be called again until it
// says OK, and is not called after that.
using NetAct = std::function<absl::Status()>;

// Whether what was to be done was done, once.
using NetCheck = std::function<absl::Status()>;

struct NetStage {
  NetAct act;
  NetCheck check;
};

struct NetScenario {
  const char* name;
  // Sets all up. What it has made ends with the stage.
  NetStage (*set_up)();
};

inline std::ostream& operator<<(std::ostream& out,
                                const NetScenario& scenario) {
  return out << scenario.name;
}

// One or more for each function of net/'s headers that makes system calls.
const std::vector<NetScenario>& NetScenarios();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_FAULTS_NET_ACTS_H_
