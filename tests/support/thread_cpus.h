// On which CPUs the calling thread runs.

#ifndef ISOPOLL_TESTS_SUPPORT_THREAD_CPUS_H_
#define ISOPOLL_TESTS_SUPPORT_THREAD_CPUS_H_

#include <vector>

namespace isopoll::tests {

// By number, on which it may run. None if the system does not tell.
std::vector<int> ThreadCpus();

// From now on it runs on these alone. If it cannot, nothing changes.
void RunOn(const std::vector<int>& cpus);

// On which it runs now.
int CurrentCpu();

// On which the kernel handles what this thread sends over loopback.
std::vector<int> SendingCpus();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_THREAD_CPUS_H_
