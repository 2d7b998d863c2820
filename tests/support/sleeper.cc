#include "tests/support/sleeper.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <cstdint>
#include <ctime>
#include <fstream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "tests/support/process_state.h"

namespace isopoll::tests {
namespace {

constexpr absl::Duration kLongestLook = absl::Seconds(1);

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

Sleeper::Sleeper(Poller& poller, size_t capacity) : poller_(poller) {
  waited_.capacity = capacity;
  waited_.slept = true;
  thread_ = std::thread([this] { Run(); });
}

Sleeper::~Sleeper() {
  if (!HasReturned()) poller_.Wakeup();
  thread_.join();
}

void Sleeper::Run() {
  {
    absl::MutexLock lock(&mutex_);
    thread_id_ = CurrentThread();
  }
  waited_.events.resize(waited_.capacity);
  waited_.result =
      poller_.Wait(absl::MakeSpan(waited_.events), absl::InfiniteDuration());
  waited_.events.resize(waited_.result.ok() ? waited_.result->count : 0);
  absl::MutexLock lock(&mutex_);
  returned_ = true;
}

void Sleeper::AwaitAsleep() {
  pid_t thread_id;
  {
    absl::MutexLock lock(&mutex_);
    const auto started = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return thread_id_ != 0;
    };
    mutex_.Await(absl::Condition(&started));
    thread_id = thread_id_;
  }
  const absl::Time deadline = absl::Now() + kLongestLook;
  while (!HasReturned() && absl::Now() < deadline) {
    if (IsAsleep(::getpid(), thread_id)) return;
    ::poll(nullptr, 0, 1);
  }
}

bool Sleeper::HasReturned() const {
  absl::MutexLock lock(&mutex_);
  return returned_;
}

bool Sleeper::AwaitReturn(absl::Duration patience) const {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&returned_), patience);
}

const Waited& Sleeper::waited() const { return waited_; }

Effort Sleeper::effort() const {
  pid_t thread_id;
  {
    absl::MutexLock lock(&mutex_);
    thread_id = thread_id_;
  }
  Effort effort;
  clockid_t clock;
  timespec cpu = {};
  auto& thread = const_cast<std::thread&>(thread_);
  if (::pthread_getcpuclockid(thread.native_handle(), &clock) == 0 &&
      ::clock_gettime(clock, &cpu) == 0) {
    effort.cpu = absl::DurationFromTimespec(cpu);
  }
  effort.times_asleep = TimesAsleep(thread_id);
  return effort;
}

}  // namespace isopoll::tests
