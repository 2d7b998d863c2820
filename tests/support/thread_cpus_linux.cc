#include <sched.h>

#include <vector>

#include "tests/support/thread_cpus.h"

namespace isopoll::tests {

std::vector<int> ThreadCpus() {
  cpu_set_t set;
  std::vector<int> cpus;
  if (::sched_getaffinity(0, sizeof(set), &set) != 0) return cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return cpus;
}

void RunOn(const std::vector<int>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int cpu : cpus) CPU_SET(cpu, &set);
  ::sched_setaffinity(0, sizeof(set), &set);
}

int CurrentCpu() { return ::sched_getcpu(); }

// That which sent it.
std::vector<int> SendingCpus() { return {CurrentCpu()}; }

}  // namespace isopoll::tests
