// A Wait in a thread of its own.

#ifndef ISOPOLL_TESTS_CONFORMANCE_BACKGROUND_WAIT_H_
#define ISOPOLL_TESTS_CONFORMANCE_BACKGROUND_WAIT_H_

#include <cstddef>
#include <thread>

#include "absl/time/time.h"
#include "isopoll/poller.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/background_call.h"

namespace isopoll {

class BackgroundWait {
 public:
  // Calls WaitOn in a new thread, and returns once that thread sleeps in the
  // kernel or the Wait has ended. `poller` must outlive this object.
  explicit BackgroundWait(Poller& poller,
                          absl::Duration timeout = absl::InfiniteDuration(),
                          size_t room = 64);
  ~BackgroundWait() { Finish(); }

  // Waits until the thread sleeps in the kernel or the Wait has ended.
  void AwaitSleep() const;

  // Whether the Wait has ended.
  bool ended() const { return call_.HasReturned(); }

  // The thread.
  std::thread::native_handle_type thread() { return call_.thread(); }

  // What the Wait came to, once it has ended by itself. One that does not
  // within kBound fails the test and is woken.
  const Waited& Finish();

 private:
  Poller& poller_;
  Waited waited_;
  tests::BackgroundCall call_;
};

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_BACKGROUND_WAIT_H_
