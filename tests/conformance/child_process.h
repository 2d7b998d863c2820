// A forked child that says what it has to complain of.

#ifndef ISOPOLL_TESTS_CONFORMANCE_CHILD_PROCESS_H_
#define ISOPOLL_TESTS_CONFORMANCE_CHILD_PROCESS_H_

#include <sys/types.h>
#include <unistd.h>

#include <string>

#include "absl/functional/function_ref.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll {

class ChildProcess {
 public:
  // Forks, by a function that returns as fork(2) does. The child calls
  // `complaints` and ends without any clean-up.
  explicit ChildProcess(absl::FunctionRef<std::string()> complaints,
                        pid_t (*fork)() = ::fork);
  ~ChildProcess() { Finish(); }

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t id() const { return id_; }

  // What the child returned, once it has ended; a child that does not within
  // kBound is killed and said so of, and one that could not be made is told.
  std::string Finish();

 private:
  pid_t id_ = -1;
  UniqueFd output_;
  std::string complaints_;
};

// The complaints of a child that runs while the caller waits.
std::string RunInChild(absl::FunctionRef<std::string()> complaints,
                       pid_t (*fork)() = ::fork);

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_CHILD_PROCESS_H_
