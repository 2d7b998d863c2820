// CallLog: the system calls that the code under test makes, one of which fails.
//
// The calls are reported by what stands in their place: libc_calls.cc for
// libc's functions, faulty_kqueue.cc for those of a KqueueSystem.

#ifndef ISOPOLL_TESTS_FAULTS_CALL_LOG_H_
#define ISOPOLL_TESTS_FAULTS_CALL_LOG_H_

#include <cerrno>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/string_view.h"
#include "tests/faults/failure.h"

namespace isopoll::tests {

// The call that fails: the `nth` of its name, from 1 on.
struct Fault {
  const Failure* failure;
  int nth;

  // "epoll_ctl(ADD) ENOSPC 2".
  std::string ToString() const;
};

// Thread-safe. By std::mutex, as Abseil's makes system calls of its own.
class CallLog {
 public:
  explicit CallLog(std::optional<Fault> fault) : fault_(fault) {}

  // A call named `name` is about to be made. The failure it has, or null.
  const Failure* Take(absl::string_view name);

  // How many calls of each name there were.
  std::map<std::string, int> counts() const;

 private:
  const std::optional<Fault> fault_;
  mutable std::mutex mutex_;
  std::map<std::string, int, std::less<>> counts_;
};

// While it lives, and code under test runs in this thread, calls go to `log`.
// There is one at a time in a thread.
class Scope {
 public:
  explicit Scope(CallLog& log) : log_(log) { current = this; }
  ~Scope() { current = nullptr; }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  // The failure of a call that was made here, or null.
  const Failure* hit() const { return hit_; }

  // How many calls were made here.
  int calls() const { return calls_; }

 private:
  template <typename Kernel, typename Look>
  friend auto MakeCall(absl::string_view name, Kernel kernel, Look look);

  // Ends the process if there are so many that it must be a spin.
  const Failure* Take(absl::string_view name);

  static thread_local Scope* current;

  CallLog& log_;
  const Failure* hit_ = nullptr;
  int calls_ = 0;
};

// Writes `what` with the description of the run that is on (see Watchdog), and
// ends the process.
[[noreturn]] void Die(const char* what);

// Ends the process, with a line that tells what was on, when one run takes so
// long that it must be stuck.
class Watchdog {
 public:
  explicit Watchdog(const std::string& what_is_on);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
};

// Does what a call that fails does all the same. False: it does not fail, and
// has *result.
template <typename Kernel, typename Look, typename Result>
bool Fails(Effect effect, Kernel kernel, Look look, Result* result) {
  switch (effect) {
    case Effect::kNone:
      return true;
    case Effect::kDone:
      kernel();
      return true;
    case Effect::kFilled:
      while (kernel() >= Result()) {
      }
      return true;
    case Effect::kIdle:
      *result = look();
      return *result == Result();
  }
  return true;
}

// Makes the call named `name` by `kernel()`, or fails in its place. Calls that
// it makes for that are not the code's under test. `look` makes the same call
// without sleep, if it can sleep.
template <typename Kernel, typename Look>
auto MakeCall(absl::string_view name, Kernel kernel, Look look) {
  using Result = decltype(kernel());
  Scope* const scope = std::exchange(Scope::current, nullptr);
  const Failure* failure = nullptr;
  if (scope != nullptr) {
    const int saved_errno = errno;
    failure = scope->Take(name);
    errno = saved_errno;
  }
  Result result = Result();
  const bool fails =
      failure != nullptr && Fails(failure->effect, kernel, look, &result);
  if (failure == nullptr) result = kernel();
  if (fails) {
    scope->hit_ = failure;
    // getaddrinfo's errors are negative, and its answer; EAI_SYSTEM means
    // errno.
    result = failure->error < 0 ? Result(failure->error) : Result(-1);
    errno = failure->error < 0 ? EMFILE : failure->error;
  }
  Scope::current = scope;
  return result;
}

template <typename Kernel>
auto MakeCall(absl::string_view name, Kernel kernel) {
  return MakeCall(name, kernel, kernel);
}

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_FAULTS_CALL_LOG_H_
