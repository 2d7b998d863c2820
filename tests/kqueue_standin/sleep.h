// To sleep in poll(2) until a moment, to the nanosecond, and to be interrupted
// then only.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_SLEEP_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_SLEEP_H_

#include <poll.h>
#include <signal.h>

#include "absl/time/time.h"

namespace isopoll::kqueue_standin {

// The moment `timeout` from now, on a clock that nobody sets. Infinite is kept.
absl::Duration DeadlineIn(absl::Duration timeout);

// Holds all signals back from the thread while it lives: a kernel's call is not
// interrupted while it holds a lock, and a handler may call the same.
class SignalsHeld {
 public:
  SignalsHeld();
  ~SignalsHeld();
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

  // As poll(2), with the signals let through. Does not sleep if `deadline` is
  // past.
  int PollUntil(pollfd* fds, nfds_t count, absl::Duration deadline) const;

 private:
  sigset_t before_;
};

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_SLEEP_H_
