// Sleeper: a thread that sleeps in Poller::Wait.

#ifndef ISOPOLL_TESTS_SUPPORT_SLEEPER_H_
#define ISOPOLL_TESTS_SUPPORT_SLEEPER_H_

#include <cstddef>

#include "absl/time/time.h"
#include "isopoll/poller.h"
#include "tests/support/background_call.h"
#include "tests/support/judge.h"
#include "tests/support/thread_usage.h"

namespace isopoll::tests {

class Sleeper {
 public:
  // Starts a thread that calls Wait, once, for ever, with a span of `capacity`.
  Sleeper(Poller& poller, size_t capacity);
  // Wakes it if it sleeps still.
  ~Sleeper();

  // Returns when the thread sleeps in the kernel, or has come back, or after
  // a second: then false. Not knowing would make no test wrong, only weaker.
  bool AwaitAsleep() const { return call_.AwaitSleep(absl::Seconds(1)); }

  bool HasReturned() const { return call_.HasReturned(); }
  // False if Wait has not returned after `patience`.
  bool AwaitReturn(absl::Duration patience) const {
    return call_.AwaitReturn(patience);
  }
  // Once it has returned.
  const Waited& waited() const { return waited_; }

  // What the thread has used so far, while it has not returned.
  ThreadUsage usage();

 private:
  Poller& poller_;
  Waited waited_;
  BackgroundCall call_;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_SLEEPER_H_
