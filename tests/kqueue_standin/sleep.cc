#include "tests/kqueue_standin/sleep.h"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <ctime>

#include "absl/time/time.h"

namespace isopoll::kqueue_standin {

absl::Duration DeadlineIn(absl::Duration timeout) {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return absl::DurationFromTimespec(now) + timeout;
}

SignalsHeld::SignalsHeld() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before_);
}

SignalsHeld::~SignalsHeld() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

int SignalsHeld::PollUntil(pollfd* fds, nfds_t count,
                           absl::Duration deadline) const {
  if (deadline == absl::InfiniteDuration()) {
    return ::ppoll(fds, count, nullptr, &before_);
  }
  const absl::Duration left = deadline - DeadlineIn(absl::ZeroDuration());
  const timespec timeout =
      absl::ToTimespec(std::max(left, absl::ZeroDuration()));
  return ::ppoll(fds, count, &timeout, &before_);
}

}  // namespace isopoll::kqueue_standin
