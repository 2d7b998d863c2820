#include <winsock2.h>

#include <cstddef>
#include <vector>

#include "tests/support/thread_cpus.h"

namespace isopoll::tests {
namespace {

constexpr int kMostCpus = sizeof(DWORD_PTR) * 8;

}  // namespace

std::vector<int> ThreadCpus() {
  DWORD_PTR process = 0, system = 0;
  ::GetProcessAffinityMask(::GetCurrentProcess(), &process, &system);
  std::vector<int> cpus;
  for (int cpu = 0; cpu < kMostCpus; ++cpu) {
    if ((process >> cpu & 1) != 0) cpus.push_back(cpu);
  }
  return cpus;
}

void RunOn(const std::vector<int>& cpus) {
  DWORD_PTR mask = 0;
  for (int cpu : cpus) mask |= DWORD_PTR{1} << cpu;
  ::SetThreadAffinityMask(::GetCurrentThread(), mask);
}

int CurrentCpu() { return static_cast<int>(::GetCurrentProcessorNumber()); }

// Under Wine its server sends the ends of connections, on whatever CPU it is.
std::vector<int> SendingCpus() { return ThreadCpus(); }

}  // namespace isopoll::tests
