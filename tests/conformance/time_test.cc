// R7: zero looks, infinite sleeps for ever, anything else is a deadline.

#include "absl/time/time.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/background_wait.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/process_state.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TimeTest : public PollerTest {
 protected:
  // Expects Waits to last at least as long as they were told to.
  void ExpectNeverEarly() {
    for (absl::Duration timeout :
         {absl::Nanoseconds(1), absl::Nanoseconds(100), absl::Microseconds(1),
          absl::Microseconds(999), absl::Milliseconds(1),
          absl::Microseconds(1001), absl::Microseconds(1999),
          absl::Milliseconds(10) + absl::Nanoseconds(1),
          absl::Microseconds(33333)}) {
      SCOPED_TRACE(timeout);
      for (int i = 0; i < 5; ++i) {
        const Waited waited = WaitOn(poller(), timeout);
        EXPECT_THAT(waited.events, IsEmpty());
        EXPECT_FALSE(waited.woken);
        EXPECT_GE(waited.took, timeout);
      }
    }
  }
};

// Longer than any clock counts, but short of infinite.
std::vector<absl::Duration> EndlessTimeouts() {
  return {absl::InfiniteDuration(),
          absl::Hours(24 * 365 * 1000),
          absl::Seconds(std::numeric_limits<int64_t>::max()),
          absl::Nanoseconds(std::numeric_limits<int64_t>::max()),
          absl::Milliseconds(std::numeric_limits<int32_t>::max()) +
              absl::Milliseconds(1),
          absl::Seconds(std::numeric_limits<uint32_t>::max())};
}

TEST_P(TimeTest, ZeroLooksWithoutSleeping) {
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  const tests::ThreadUsage before = tests::CurrentThreadUsage();
  for (int i = 0; i < 200; ++i) EXPECT_THAT(Look(), IsEmpty());
  EXPECT_LE(tests::CurrentThreadUsage().sleeps - before.sleeps, 20);
  Feed(pipe);
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
}

TEST_P(TimeTest, NegativeIsRefused) {
  Event event;
  for (absl::Duration timeout :
       {absl::Nanoseconds(-1), absl::Milliseconds(-1), absl::Seconds(-1),
        -absl::InfiniteDuration()}) {
    EXPECT_THAT(poller().Wait(absl::MakeSpan(&event, 1), timeout).status(),
                HasCode(absl::StatusCode::kInvalidArgument))
        << timeout;
  }
}

TEST_P(TimeTest, SleepsWithNothingRegistered) {
  ExpectQuiet(poller(), absl::Milliseconds(100));
  ExpectNeverEarly();
}

TEST_P(TimeTest, NeverEarlyWithAnIdleDescriptor) {
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  ExpectNeverEarly();
}

TEST_P(TimeTest, NeverEarlyWithWhatTheKernelInsistsOn) {
  UniqueFd pipe = NewHungUpPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kNeverOfReadEnd, 1), IsOk());
  ExpectNeverEarly();
}

// Milliseconds are not the limit: a tenth of one does not become a whole one,
// but for kernels whose clock ticks.
TEST_P(TimeTest, ResolutionIsFinerThanAMillisecond) {
  if (poller().backend() == Backend::kEpoll && !tests::HasEpollPwait2()) {
    GTEST_SKIP() << "epoll_pwait2 came with Linux 5.11, and a filter of system "
                    "calls may not know it";
  }
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  absl::Duration least = absl::InfiniteDuration();
  EXPECT_TRUE(Eventually([&] {
    least = std::min(least, WaitOn(poller(), absl::Microseconds(100)).took);
    return least < kShortSleep;
  })) << least;
}

TEST_P(TimeTest, EndlessOnesEndWithAWakeupBefore) {
  for (absl::Duration timeout : EndlessTimeouts()) {
    SCOPED_TRACE(timeout);
    poller().Wakeup();
    EXPECT_TRUE(WaitOn(poller(), timeout).woken);
  }
}

TEST_P(TimeTest, EndlessOnesSleepUntilAWakeup) {
  for (absl::Duration timeout : EndlessTimeouts()) {
    SCOPED_TRACE(timeout);
    BackgroundWait wait(poller(), timeout);
    EXPECT_FALSE(wait.ended());
    poller().Wakeup();
    EXPECT_TRUE(wait.Finish().woken);
    EXPECT_THAT(wait.Finish().events, IsEmpty());
  }
}

TEST_P(TimeTest, EndlessOnesSleepUntilADescriptorIsReady) {
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  for (absl::Duration timeout : EndlessTimeouts()) {
    SCOPED_TRACE(timeout);
    BackgroundWait wait(poller(), timeout);
    Feed(pipe);
    EXPECT_THAT(wait.Finish().events,
                ElementsAre(EventIs(pipe.get(), 1, kReadable)));
    Drain(pipe.get());
  }
}

// A Wait that has something to report does not use its timeout up.
TEST_P(TimeTest, ReadyEndsTheWaitAtOnce) {
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  const Waited waited = WaitOn(poller(), absl::InfiniteDuration());
  EXPECT_THAT(waited.events, ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  EXPECT_LT(waited.took, kBound);
}

ISOPOLL_ON_EVERY_KIND(TimeTest);

}  // namespace
}  // namespace isopoll
