// R10: any method from any thread; one Wait at a time, and it follows changes.

#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
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
#include "tests/support/poller_kind.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ThreadsTest : public PollerTest {
 protected:
  // Ends `wait` by Wakeup, and expects that nothing else did.
  void ExpectOnlyWoken(BackgroundWait& wait) {
    wait.AwaitSleep();
    EXPECT_FALSE(wait.ended());
    poller().Wakeup();
    EXPECT_TRUE(wait.Finish().woken);
    EXPECT_THAT(wait.Finish().events, IsEmpty());
  }
};

TEST_P(ThreadsTest, SecondWaitIsRefusedAndTheFirstGoesOn) {
  BackgroundWait wait(poller());
  Event event;
  for (absl::Duration timeout : {absl::ZeroDuration(), absl::Seconds(1)}) {
    EXPECT_THAT(poller().Wait(absl::MakeSpan(&event, 1), timeout).status(),
                HasCode(absl::StatusCode::kFailedPrecondition));
  }
  ExpectOnlyWoken(wait);
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_P(ThreadsTest, SecondWaitConsumesNoWakeup) {
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  BackgroundWait wait(poller());
  Event event;
  EXPECT_FALSE(
      poller().Wait(absl::MakeSpan(&event, 1), absl::ZeroDuration()).ok());
  poller().Wakeup();
  EXPECT_TRUE(wait.Finish().woken);
}

TEST_P(ThreadsTest, AddTakesEffectInARunningWait) {
  Ends idle = NewPipe();
  ASSERT_THAT(poller().Add(idle.get(), kReadable, 1), IsOk());
  BackgroundWait wait(poller());
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 2), IsOk());
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(pipe.get(), 2, kReadable)));
}

TEST_P(ThreadsTest, AddTakesEffectBeforeTheDescriptorIsReady) {
  BackgroundWait wait(poller());
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 2), IsOk());
  wait.AwaitSleep();
  EXPECT_FALSE(wait.ended());
  Feed(pipe);
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(pipe.get(), 2, kReadable)));
}

TEST_P(ThreadsTest, AddOfAFileTakesEffectInARunningWait) {
  if (!kWatchesFiles) GTEST_SKIP() << "only sockets can be watched here";
  BackgroundWait wait(poller());
  UniqueFd file = NewRegularFile();
  ASSERT_THAT(poller().Add(file.get(), kReadable, 2), IsOk());
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(file.get(), 2, kReadable)));
}

TEST_P(ThreadsTest, ModifyTakesEffectInARunningWait) {
  Ends parked = NewReadablePipe();
  ASSERT_THAT(poller().Add(parked.get(), kNone, 1), IsOk());
  Ends stream = NewSocketPair();
  ASSERT_THAT(poller().Add(stream.get(), kReadable, 2), IsOk());
  {
    BackgroundWait wait(poller());
    ASSERT_THAT(poller().Modify(parked.get(), kReadable, 3), IsOk());
    EXPECT_THAT(wait.Finish().events,
                ElementsAre(EventIs(parked.get(), 3, kReadable)));
  }
  ASSERT_THAT(poller().Modify(parked.get(), kNone, 1), IsOk());
  BackgroundWait wait(poller());
  ASSERT_THAT(poller().Modify(stream.get(), kWritable, 4), IsOk());
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(stream.get(), 4, kWritable)));
}

TEST_P(ThreadsTest, ModifyUnmutesInARunningWait) {
  UniqueFd pipe = NewHungUpPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kNeverOfReadEnd, 1), IsOk());
  BackgroundWait wait(poller());
  ASSERT_THAT(poller().Modify(pipe.get(), kReadable, 2), IsOk());
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(pipe.get(), 2, kReadable)));
}

TEST_P(ThreadsTest, ModifyArmsAOneShotInARunningWait) {
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1, Trigger::kOneShot),
              IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  BackgroundWait wait(poller());
  ASSERT_THAT(poller().Modify(pipe.get(), kReadable, 2, Trigger::kOneShot),
              IsOk());
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(pipe.get(), 2, kReadable)));
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_P(ThreadsTest, ModifyOfTheTokenTakesEffectInARunningWait) {
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  BackgroundWait wait(poller());
  ASSERT_THAT(poller().Modify(pipe.get(), kReadable, 2), IsOk());
  Feed(pipe);
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(pipe.get(), 2, kReadable)));
}

TEST_P(ThreadsTest, ParkingTakesEffectInARunningWait) {
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  BackgroundWait wait(poller());
  ASSERT_THAT(poller().Modify(pipe.get(), kNone, 2), IsOk());
  Feed(pipe);
  ExpectOnlyWoken(wait);
}

TEST_P(ThreadsTest, RemoveTakesEffectInARunningWait) {
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  BackgroundWait wait(poller());
  ASSERT_THAT(poller().Remove(pipe.get()), IsOk());
  Feed(pipe);
  ExpectOnlyWoken(wait);
}

TEST_P(ThreadsTest, ChangesDoNotEndAWait) {
  const absl::Duration timeout = absl::Milliseconds(200);
  Ends idle = NewPipe();
  Ends other = NewPipe();
  ASSERT_THAT(poller().Add(idle.get(), kReadable, 1), IsOk());
  BackgroundWait wait(poller(), timeout);
  while (!wait.ended()) {
    ASSERT_THAT(poller().Add(other.get(), kReadable, 2), IsOk());
    ASSERT_THAT(
        poller().Modify(idle.get(), kReadable | kPriority | kNeverOfReadEnd, 3),
        IsOk());
    ASSERT_THAT(poller().Modify(idle.get(), kReadable, 4), IsOk());
    ASSERT_THAT(poller().Remove(other.get()), IsOk());
    wait.AwaitSleep();
  }
  EXPECT_THAT(wait.Finish().events, IsEmpty());
  EXPECT_FALSE(wait.Finish().woken);
  EXPECT_GE(wait.Finish().took, timeout);
}

TEST_P(ThreadsTest, WaitsMayComeFromOneThreadAfterAnother) {
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  for (int i = 0; i < 5; ++i) {
    BackgroundWait wait(poller());
    EXPECT_THAT(wait.Finish().events,
                ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  }
}

// Several threads add a ready descriptor, wait until the polling thread has
// seen it, and remove it: every Add must be seen, with its own token.
class Relay {
 public:
  Relay(Poller& poller, int threads, int rounds)
      : poller_(poller), rounds_(rounds), seen_(threads, 0) {}

  // Until every round of every thread has been seen, or one has been lost.
  void Poll() {
    while (!Finished()) {
      const Waited waited = WaitOn(poller_, kBound);
      absl::MutexLock lock(&mutex_);
      if (waited.events.empty() && !waited.woken) lost_ = true;
      for (const Event& event : waited.events) {
        seen_[event.token() / kStride] = event.token() % kStride;
      }
    }
  }

  void AddAndRemove(int thread) {
    Ends pipe = NewReadablePipe();
    for (Token round = 1; round <= rounds_; ++round) {
      const Token token = thread * kStride + round;
      const Trigger trigger =
          round % 2 == 0 ? Trigger::kLevel : Trigger::kOneShot;
      EXPECT_THAT(poller_.Add(pipe.get(), kReadable, token, trigger), IsOk());
      AwaitSeen(thread, round);
      EXPECT_THAT(poller_.Remove(pipe.get()), IsOk());
    }
    poller_.Wakeup();
  }

  bool lost() {
    absl::MutexLock lock(&mutex_);
    return lost_;
  }

 private:
  static constexpr Token kStride = 1000000;

  bool Finished() {
    absl::MutexLock lock(&mutex_);
    for (Token seen : seen_) {
      if (seen != rounds_) return lost_;
    }
    return true;
  }

  void AwaitSeen(int thread, Token round) {
    absl::MutexLock lock(&mutex_);
    const auto seen = [this, thread, round]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
      return seen_[thread] == round || lost_;
    };
    mutex_.Await(absl::Condition(&seen));
  }

  Poller& poller_;
  const Token rounds_;
  absl::Mutex mutex_;
  std::vector<Token> seen_ ABSL_GUARDED_BY(mutex_);
  bool lost_ ABSL_GUARDED_BY(mutex_) = false;
};

TEST_P(ThreadsTest, EveryAddOfManyThreadsIsSeen) {
  constexpr int kThreads = 3;
  Relay relay(poller(), kThreads, /*rounds=*/200);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&relay, i] { relay.AddAndRemove(i); });
  }
  relay.Poll();
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(relay.lost());
  EXPECT_EQ(poller().size(), 0u);
}

// The same words from every backend.
TEST(ThreadsErrorTest, SecondWaitIsRefusedInTheSameWords) {
  std::vector<absl::Status> refusals;
  for (const tests::PollerKind& kind : tests::AllKinds()) {
    const std::unique_ptr<Poller> poller = NewPoller(kind);
    BackgroundWait wait(*poller);
    Event event;
    refusals.push_back(
        poller->Wait(absl::MakeSpan(&event, 1), absl::ZeroDuration()).status());
    poller->Wakeup();
  }
  EXPECT_THAT(refusals, testing::Each(refusals.front()));
}

ISOPOLL_ON_EVERY_KIND(ThreadsTest);

}  // namespace
}  // namespace isopoll
