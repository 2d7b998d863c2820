#include "tests/conformance/background_wait.h"

#include <pthread.h>
#include <unistd.h>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "poller/poller.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/process_state.h"

namespace isopoll {

BackgroundWait::BackgroundWait(Poller& poller, absl::Duration timeout,
                               size_t room)
    : poller_(poller), thread_([this, timeout, room] {
        thread_id_ = tests::CurrentThread();
        waited_ = WaitOn(poller_, timeout, room);
        ended_.Notify();
      }) {
  AwaitSleep();
}

void BackgroundWait::AwaitSleep() {
  EXPECT_TRUE(Eventually([this] {
    const pid_t thread = thread_id_;
    return ended() || (thread != 0 && tests::IsAsleep(::getpid(), thread));
  }));
}

void BackgroundWait::Signal(int signal) {
  EXPECT_EQ(::pthread_kill(thread_.native_handle(), signal), 0);
}

const Waited& BackgroundWait::Finish() {
  if (!thread_.joinable()) return waited_;
  if (!ended_.WaitForNotificationWithTimeout(kBound)) {
    ADD_FAILURE() << "Wait did not end";
    poller_.Wakeup();
  }
  thread_.join();
  return waited_;
}

}  // namespace isopoll
