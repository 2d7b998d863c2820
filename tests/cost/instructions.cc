#include "tests/cost/instructions.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <functional>

namespace isopoll::tests {
namespace {

// Marks the end of what is counted, as SIGSTOP marks the beginning.
constexpr int kEnd = SIGUSR1;

// How many steps the child takes until it raises kEnd, or -1.
int64_t StepsToEnd(pid_t child) {
  for (int64_t steps = 0;; ++steps) {
    int status;
    if (::ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) == -1 ||
        ::waitpid(child, &status, 0) == -1 || !WIFSTOPPED(status)) {
      return -1;
    }
    if (WSTOPSIG(status) == kEnd) return steps;
    if (WSTOPSIG(status) != SIGTRAP) return -1;
  }
}

// With what it takes to count.
int64_t InstructionsOf(int times, const std::function<void()>& prepare,
                       const std::function<void()>& operation) {
  const pid_t child = ::fork();
  if (child == -1) return -1;
  if (child == 0) {
    prepare();
    operation();
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    for (int i = 0; i < times; ++i) operation();
    ::raise(kEnd);
    ::_exit(0);
  }
  int status;
  const bool begun =
      ::waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status);
  const int64_t steps = begun ? StepsToEnd(child) : -1;
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return steps;
}

}  // namespace

int64_t Instructions(const std::function<void()>& prepare,
                     const std::function<void()>& operation) {
  constexpr int kTimes = 4;
  const int64_t once = InstructionsOf(1, prepare, operation);
  const int64_t often = InstructionsOf(1 + kTimes, prepare, operation);
  return once == -1 || often == -1 ? -1 : (often - once) / kTimes;
}

}  // namespace isopoll::tests
