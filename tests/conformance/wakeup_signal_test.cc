// R9: Wakeup may be called from a signal handler.

#include <signal.h>

#include <atomic>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/background_wait.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/conformance/signals.h"

namespace isopoll {
namespace {

using testing::SizeIs;

// What the signal handler wakes.
std::atomic<Poller*> to_wake;
std::atomic<int> handled;

void Wake(int) {
  to_wake.load()->Wakeup();
  ++handled;
}

class WakeupSignalTest : public PollerTest {
 protected:
  WakeupSignalTest() {
    to_wake = &poller();
    handled = 0;
  }
};

TEST_P(WakeupSignalTest, BeforeWait) {
  ScopedSignalHandler handler(SIGUSR1, Wake);
  ::raise(SIGUSR1);
  EXPECT_TRUE(WaitOn(poller(), absl::InfiniteDuration()).woken);
}

TEST_P(WakeupSignalTest, OfTheSleepingThread) {
  for (int flags : {0, SA_RESTART}) {
    ScopedSignalHandler handler(SIGUSR1, Wake, flags);
    BackgroundWait wait(poller());
    SendSignal(wait.thread(), SIGUSR1);
    EXPECT_TRUE(wait.Finish().woken);
  }
}

// The handler may interrupt any method, and whatever that holds.
TEST_P(WakeupSignalTest, InTheMiddleOfAnything) {
  ScopedSignalHandler handler(SIGALRM, Wake);
  Ends pipe = NewReadablePipe();
  ScopedAlarms alarms(absl::Microseconds(500));
  EXPECT_TRUE(Eventually([&] {
    for (int i = 0; i < 50; ++i) {
      EXPECT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
      EXPECT_THAT(poller().Modify(pipe.get(), kAll, 2), IsOk());
      EXPECT_THAT(WaitOn(poller(), absl::ZeroDuration()).events, SizeIs(1));
      EXPECT_THAT(poller().Remove(pipe.get()), IsOk());
    }
    return HasFailure() || handled >= 100;
  }));
}

// As above, with a thread that waits beside, while descriptors come and go: the
// handler meets each of the calls that change what is watched.
TEST_P(WakeupSignalTest, WhileDescriptorsComeAndGo) {
  constexpr int kAlarms = 1000;
  const ScopedSignalHandler handler(SIGALRM, &Wake);
  std::atomic<bool> done = false;
  std::atomic<int> woken = 0;
  std::thread waiter([&] {
    while (!done) {
      if (WaitOn(poller(), kBound).woken) ++woken;
    }
  });
  {
    const ScopedAlarms alarms(absl::Microseconds(200));
    const absl::Time give_up = absl::Now() + kBound;
    while (handled < kAlarms && absl::Now() < give_up) {
      const Ends pipe = NewPipe();
      ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
      ASSERT_THAT(poller().Modify(pipe.get(), kWritable, 2), IsOk());
      ASSERT_THAT(poller().Remove(pipe.get()), IsOk());
    }
  }
  EXPECT_GE(handled, kAlarms);
  done = true;
  poller().Wakeup();
  waiter.join();
  EXPECT_GT(woken, 0);
}

ISOPOLL_ON_EVERY_KIND(WakeupSignalTest);

}  // namespace
}  // namespace isopoll
