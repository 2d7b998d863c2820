// Signals that are counted.

#ifndef ISOPOLL_TESTS_CONFORMANCE_SIGNALS_H_
#define ISOPOLL_TESTS_CONFORMANCE_SIGNALS_H_

#include <signal.h>

#include "absl/time/time.h"

namespace isopoll {

// Handles a signal by `handler` while it lives; then as before. `flags`:
// SA_RESTART or 0.
class ScopedSignalHandler {
 public:
  ScopedSignalHandler(int signal, void (*handler)(int), int flags = 0);
  ~ScopedSignalHandler();

  ScopedSignalHandler(const ScopedSignalHandler&) = delete;
  ScopedSignalHandler& operator=(const ScopedSignalHandler&) = delete;

 private:
  int signal_;
  struct sigaction before_;
};

// Sends `signal` to `thread`.
void SendSignal(pthread_t thread, int signal);

// Sends SIGALRM to the process again and again while it lives.
class ScopedAlarms {
 public:
  explicit ScopedAlarms(absl::Duration interval);
  ~ScopedAlarms();

  ScopedAlarms(const ScopedAlarms&) = delete;
  ScopedAlarms& operator=(const ScopedAlarms&) = delete;
};

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_SIGNALS_H_
