// R9: Wakeup is sticky, coalesced, consumed once, and never lost.

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
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
#include "tests/support/process_state.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class WakeupTest : public PollerTest {};

TEST_P(WakeupTest, EndsTheNextWait) {
  poller().Wakeup();
  const Waited waited = WaitOn(poller(), absl::InfiniteDuration());
  EXPECT_TRUE(waited.woken);
  EXPECT_THAT(waited.events, IsEmpty());
}

TEST_P(WakeupTest, EndsANextWaitThatMayNotSleep) {
  poller().Wakeup();
  EXPECT_TRUE(WaitOn(poller(), absl::ZeroDuration()).woken);
}

// Such a look may take long, and leaves the lock to others meanwhile.
TEST_P(WakeupTest, EndsANextLookAtMany) {
  const Ends pipe = NewPipe();
  std::vector<UniqueFd> many;
  for (int i = 0; i < 100; ++i) {
    many.push_back(DuplicateFrom(pipe.get()));
    ASSERT_THAT(poller().Add(many.back().get(), kReadable, 1), IsOk());
  }
  poller().Wakeup();
  EXPECT_TRUE(WaitOn(poller(), absl::ZeroDuration()).woken);
  EXPECT_FALSE(WaitOn(poller(), absl::ZeroDuration()).woken);
}

TEST_P(WakeupTest, IsConsumedByOneWait) {
  for (int i = 0; i < 3; ++i) {
    poller().Wakeup();
    EXPECT_TRUE(WaitOn(poller(), absl::InfiniteDuration()).woken);
    ExpectQuiet(poller(), absl::Milliseconds(20));
  }
}

TEST_P(WakeupTest, ManyAreOne) {
  for (int i = 0; i < 1000; ++i) poller().Wakeup();
  EXPECT_TRUE(WaitOn(poller(), absl::InfiniteDuration()).woken);
  ExpectQuiet(poller(), absl::Milliseconds(20));
}

TEST_P(WakeupTest, EndsASleepingWait) {
  BackgroundWait wait(poller());
  poller().Wakeup();
  EXPECT_TRUE(wait.Finish().woken);
  EXPECT_THAT(wait.Finish().events, IsEmpty());
  ExpectQuiet(poller(), absl::Milliseconds(20));
}

TEST_P(WakeupTest, OfAnotherPollerIsNotOurs) {
  const std::unique_ptr<Poller> other = New();
  other->Wakeup();
  ExpectQuiet(poller(), absl::Milliseconds(20));
  EXPECT_TRUE(WaitOn(*other, absl::InfiniteDuration()).woken);
}

TEST_P(WakeupTest, ComesTogetherWithEvents) {
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  poller().Wakeup();
  const Waited waited = WaitOn(poller(), absl::InfiniteDuration());
  EXPECT_TRUE(waited.woken);
  EXPECT_THAT(waited.events, ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
}

// It needs no room in the span, and takes none.
TEST_P(WakeupTest, ComesTogetherWithMoreEventsThanFit) {
  Ends first = NewReadablePipe();
  Ends second = NewReadablePipe();
  ASSERT_THAT(poller().Add(first.get(), kReadable, 1), IsOk());
  ASSERT_THAT(poller().Add(second.get(), kReadable, 2), IsOk());
  for (int i = 0; i < 4; ++i) {
    poller().Wakeup();
    const Waited waited = WaitOn(poller(), absl::ZeroDuration(), /*room=*/1);
    EXPECT_TRUE(waited.woken);
    EXPECT_THAT(waited.events, SizeIs(1));
    EXPECT_THAT(Look(/*room=*/1), SizeIs(1));
  }
}

TEST_P(WakeupTest, LeavesErrnoAlone) {
  BackgroundWait wait(poller());
  for (int i = 0; i < 3; ++i) {
    errno = E2BIG;
    poller().Wakeup();
    EXPECT_EQ(errno, E2BIG);
  }
}

TEST_P(WakeupTest, CallsTheSystemOnlyIfNoneIsPending) {
  const std::optional<int64_t> before = tests::CurrentThreadWrites();
  if (!before.has_value()) GTEST_SKIP() << "system calls are not counted here";
  for (int i = 0; i < 1000; ++i) poller().Wakeup();
  // One, and what a sanitizer may write.
  EXPECT_LE(*tests::CurrentThreadWrites() - *before, 10);
  EXPECT_TRUE(WaitOn(poller(), absl::ZeroDuration()).woken);
}

// Each thread wakes the poller and goes on only when a Wait has told of it: a
// Wakeup that is lost stops everything.
TEST_P(WakeupTest, NoneOfMany) {
  constexpr int kThreads = 4;
  constexpr int kEach = 250;
  absl::Mutex mutex;
  int posted = 0;  // by all threads
  int seen = 0;    // of those, how many a woken Wait followed
  std::atomic<bool> lost = false;
  const auto post = [&] {
    for (int i = 0; i < kEach && !lost; ++i) {
      absl::MutexLock lock(&mutex);
      const int mine = ++posted;
      poller().Wakeup();
      const auto told = [&] { return seen >= mine || lost.load(); };
      mutex.Await(absl::Condition(&told));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(post);
  while (!lost) {
    const Waited waited = WaitOn(poller(), kBound);
    absl::MutexLock lock(&mutex);
    if (!waited.woken) lost = true;
    seen = posted;
    if (seen == kThreads * kEach) break;
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(lost);
  EXPECT_EQ(seen, kThreads * kEach);
}

// The same with Waits that hardly sleep, one after another for a second, so
// that a Wakeup meets each moment of one.
TEST_P(WakeupTest, NoneAtAnyMoment) {
  std::atomic<int> posted = 0;
  std::atomic<int> seen = 0;
  std::atomic<bool> done = false;
  std::thread waiter([&] {
    while (!done) {
      const absl::Duration timeout =
          posted % 2 == 0 ? absl::Microseconds(1) : absl::ZeroDuration();
      if (WaitOn(poller(), timeout).woken) seen = posted.load();
    }
  });
  const absl::Time end = absl::Now() + absl::Seconds(1);
  const absl::Time give_up = end + kBound;
  do {
    ++posted;
    poller().Wakeup();
    while (seen < posted && absl::Now() < give_up) std::this_thread::yield();
  } while (absl::Now() < end);
  done = true;
  waiter.join();
  EXPECT_EQ(seen, posted);
}

ISOPOLL_ON_EVERY_KIND(WakeupTest);

}  // namespace
}  // namespace isopoll
