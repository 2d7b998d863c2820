#include <pthread.h>

#include <cstdint>
#include <ctime>
#include <fstream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "tests/support/sleeper.h"

namespace isopoll::tests {
namespace {

// How often the thread gave up the processor to wait; 0 if it has ended.
int64_t TimesAsleep(pid_t thread_id) {
  std::ifstream file(absl::StrCat("/proc/self/task/", thread_id, "/status"));
  for (std::string line; std::getline(file, line);) {
    absl::string_view value = line;
    int64_t times;
    if (absl::ConsumePrefix(&value, "voluntary_ctxt_switches:") &&
        absl::SimpleAtoi(value, &times)) {
      return times;
    }
  }
  return 0;
}

}  // namespace

ThreadUsage Sleeper::usage() {
  ThreadUsage usage = {};
  clockid_t clock;
  timespec cpu = {};
  if (::pthread_getcpuclockid(call_.thread(), &clock) == 0 &&
      ::clock_gettime(clock, &cpu) == 0) {
    usage.cpu = absl::DurationFromTimespec(cpu);
  }
  usage.sleeps = TimesAsleep(call_.thread_id());
  return usage;
}

}  // namespace isopoll::tests
