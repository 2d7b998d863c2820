#include "tests/conformance/signals.h"

#include <sys/time.h>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace isopoll {

ScopedSignalHandler::ScopedSignalHandler(int signal, void (*handler)(int),
                                         int flags)
    : signal_(signal) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  EXPECT_EQ(::sigaction(signal_, &action, &before_), 0);
}

ScopedSignalHandler::~ScopedSignalHandler() {
  ::sigaction(signal_, &before_, nullptr);
}

void SendSignal(pthread_t thread, int signal) {
  EXPECT_EQ(::pthread_kill(thread, signal), 0);
}

ScopedAlarms::ScopedAlarms(absl::Duration interval) {
  const timeval each = absl::ToTimeval(interval);
  const itimerval timer = {each, each};
  EXPECT_EQ(::setitimer(ITIMER_REAL, &timer, nullptr), 0);
}

ScopedAlarms::~ScopedAlarms() {
  const itimerval none = {};
  ::setitimer(ITIMER_REAL, &none, nullptr);
}

}  // namespace isopoll
