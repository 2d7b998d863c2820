// A child process that does nothing, for those who need one that ends.

#ifndef ISOPOLL_TESTS_SUPPORT_CHILD_PROCESS_H_
#define ISOPOLL_TESTS_SUPPORT_CHILD_PROCESS_H_

#include "absl/status/statusor.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::tests {

// Starts a process that holds none of our close-on-exec descriptors and lives
// until it is killed, or this process ends. The answer is its pidfd.
absl::StatusOr<UniqueFd> StartIdleChild();

// Whether that could be done, or else errno says why not.
bool KillChild(int pidfd);  // and waits until it is dead
bool ReapChild(int pidfd);  // waits for its end

// Kills the child and takes its exit status, unless that was done before.
void EndChild(UniqueFd pidfd);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_CHILD_PROCESS_H_
