#include "tests/support/sleeper.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

namespace isopoll::tests {
namespace {

constexpr absl::Duration kLongestLook = absl::Seconds(1);

// The value of the line `key:` of a thread's status file; empty if there is no
// such thread any more.
std::string ThreadStatus(pid_t thread_id, absl::string_view key) {
  std::ifstream file(absl::StrCat("/proc/self/task/", thread_id, "/status"));
  for (std::string line; std::getline(file, line);) {
    absl::string_view value = line;
    if (absl::ConsumePrefix(&value, key)) {
      return std::string(absl::StripPrefix(value, ":\t"));
    }
  }
  return "";
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
    thread_id_ = ::gettid();
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
    if (absl::StartsWith(ThreadStatus(thread_id, "State"), "S")) return;
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
  if (!absl::SimpleAtoi(ThreadStatus(thread_id, "voluntary_ctxt_switches"),
                        &effort.times_asleep)) {
    effort.times_asleep = 0;
  }
  return effort;
}

}  // namespace isopoll::tests
