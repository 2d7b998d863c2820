#include "tests/faults/call_log.h"

#include <signal.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/faults/failure.h"

namespace isopoll::tests {
namespace {

// To empty a pipe full of wake-ups takes 1024. No other Wait of a scenario,
// which has a handful of descriptors, needs a tenth of it, and one that sleeps
// for seconds looks some 25 times a second.
constexpr int kMostCalls = 2000;

// Three times what a scenario's patience is, since that may come to its end
// twice, and the sanitizers are slow.
constexpr unsigned kMostSeconds = 60;

// For a signal handler.
char description[4096];

void Write(const char* text) {
  const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
  static_cast<void>(written);
}

void OnAlarm(int /*signal*/) { Die("is stuck"); }

}  // namespace

std::string Fault::ToString() const {
  return absl::StrCat(failure->ToString(), " ", nth);
}

const Failure* CallLog::Take(absl::string_view name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto [count, is_new] = counts_.try_emplace(std::string(name), 0);
  ++count->second;
  const bool fails = fault_.has_value() && fault_->failure->call == name &&
                     fault_->nth == count->second;
  return fails ? fault_->failure : nullptr;
}

std::map<std::string, int> CallLog::counts() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {counts_.begin(), counts_.end()};
}

thread_local Scope* Scope::current = nullptr;

const Failure* Scope::Take(absl::string_view name) {
  if (++calls_ > kMostCalls) Die("spins");
  return log_.Take(name);
}

void Die(const char* what) {
  Write(description);
  Write(": ");
  Write(what);
  Write("\n");
  ::_exit(1);
}

Watchdog::Watchdog(const std::string& what_is_on) {
  std::strncpy(description, what_is_on.c_str(), sizeof(description) - 1);
  ::signal(SIGALRM, &OnAlarm);
  ::alarm(kMostSeconds);
}

Watchdog::~Watchdog() { ::alarm(0); }

}  // namespace isopoll::tests
