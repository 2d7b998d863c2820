// A Wait in a thread of its own.

#ifndef ISOPOLL_TESTS_CONFORMANCE_BACKGROUND_WAIT_H_
#define ISOPOLL_TESTS_CONFORMANCE_BACKGROUND_WAIT_H_

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "poller/poller.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {

class BackgroundWait {
 public:
  // Calls WaitOn in a new thread, and returns once that thread sleeps in the
  // kernel or the Wait has ended. `poller` must outlive this object.
  explicit BackgroundWait(Poller& poller,
                          absl::Duration timeout = absl::InfiniteDuration(),
                          size_t room = 64);
  ~BackgroundWait() { Finish(); }

  BackgroundWait(const BackgroundWait&) = delete;
  BackgroundWait& operator=(const BackgroundWait&) = delete;

  // Waits until the thread sleeps in the kernel or the Wait has ended.
  void AwaitSleep();

  // Whether the Wait has ended.
  bool ended() const { return ended_.HasBeenNotified(); }

  // Sends `signal` to the thread. Not after Finish.
  void Signal(int signal);

  // What the Wait came to, once it has ended by itself. One that does not
  // within kBound fails the test and is woken.
  const Waited& Finish();

 private:
  Poller& poller_;
  Waited waited_;
  std::atomic<pid_t> thread_id_ = 0;
  absl::Notification ended_;
  std::thread thread_;
};

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_BACKGROUND_WAIT_H_
