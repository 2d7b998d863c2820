#include "tests/conformance/background_wait.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "isopoll/poller.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {

BackgroundWait::BackgroundWait(Poller& poller, absl::Duration timeout,
                               size_t room)
    : poller_(poller), call_([this, timeout, room] {
        waited_ = WaitOn(poller_, timeout, room);
      }) {
  AwaitSleep();
}

void BackgroundWait::AwaitSleep() const {
  EXPECT_TRUE(call_.AwaitSleep(kBound));
}

const Waited& BackgroundWait::Finish() {
  if (!call_.AwaitReturn(kBound)) {
    ADD_FAILURE() << "Wait did not end";
    poller_.Wakeup();
    call_.AwaitReturn(absl::InfiniteDuration());
  }
  return waited_;
}

}  // namespace isopoll
