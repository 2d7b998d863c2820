// Sleeper: a thread that sleeps in Poller::Wait.

#ifndef ISOPOLL_TESTS_SUPPORT_SLEEPER_H_
#define ISOPOLL_TESTS_SUPPORT_SLEEPER_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "poller/poller.h"
#include "tests/support/judge.h"

namespace isopoll::tests {

// What a sleeping thread has cost so far.
struct Effort {
  absl::Duration cpu;
  int64_t times_asleep = 0;
};

class Sleeper {
 public:
  // Starts a thread that calls Wait, once, for ever, with a span of `capacity`.
  Sleeper(Poller& poller, size_t capacity);
  // Wakes it if it sleeps still.
  ~Sleeper();
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  // Returns when the thread sleeps in the kernel, or has come back, or after
  // a second. Not knowing would make no test wrong, only weaker.
  void AwaitAsleep();

  bool HasReturned() const;
  // False if Wait has not returned after `patience`.
  bool AwaitReturn(absl::Duration patience) const;
  // Once it has returned.
  const Waited& waited() const;

  // Of the thread, while it has not returned.
  Effort effort() const;

 private:
  void Run();

  Poller& poller_;
  Waited waited_;  // written before returned_, read after
  pid_t thread_id_ ABSL_GUARDED_BY(mutex_) = 0;
  bool returned_ ABSL_GUARDED_BY(mutex_) = false;
  mutable absl::Mutex mutex_;
  std::thread thread_;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_SLEEPER_H_
