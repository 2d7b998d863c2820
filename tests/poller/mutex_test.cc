#include "poller/core/mutex.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/background_call.h"

namespace isopoll::internal {
namespace {

using ::isopoll::tests::BackgroundCall;
using ::testing::ElementsAre;

constexpr absl::Duration kPatience = absl::Seconds(10);

TEST(MutexTest, OneThreadAtATimeHasIt) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 20000;
  Mutex mutex;
  int rounds = 0;
  bool taken = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        const MutexLock lock(&mutex);
        EXPECT_FALSE(taken);
        taken = true;
        ++rounds;
        // Now and then so long that the others fall asleep.
        if (round % 1000 == 0) std::this_thread::yield();
        taken = false;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(rounds, kThreads * kRounds);
}

TEST(MutexTest, SleepersGetItInTheOrderInWhichTheyCame) {
  Mutex mutex;
  std::vector<int> order;
  std::vector<std::unique_ptr<BackgroundCall>> sleepers;
  mutex.Lock();
  for (int i = 0; i < 3; ++i) {
    sleepers.push_back(std::make_unique<BackgroundCall>([&, i] {
      const MutexLock lock(&mutex);
      order.push_back(i);
    }));
    EXPECT_TRUE(sleepers.back()->AwaitSleep(kPatience));
    EXPECT_FALSE(sleepers.back()->HasReturned());
  }
  mutex.Unlock();
  for (const auto& sleeper : sleepers) {
    ASSERT_TRUE(sleeper->AwaitReturn(kPatience));
  }
  EXPECT_THAT(order, ElementsAre(0, 1, 2));
}

// Again: what the first ones left behind is in nobody's way.
TEST(MutexTest, SleepersComeAndGo) {
  Mutex mutex;
  for (int i = 0; i < 3; ++i) {
    mutex.Lock();
    BackgroundCall one([&] { const MutexLock lock(&mutex); });
    BackgroundCall other([&] { const MutexLock lock(&mutex); });
    EXPECT_TRUE(one.AwaitSleep(kPatience));
    EXPECT_TRUE(other.AwaitSleep(kPatience));
    mutex.Unlock();
    ASSERT_TRUE(one.AwaitReturn(kPatience));
    ASSERT_TRUE(other.AwaitReturn(kPatience));
  }
}

TEST(MutexTest, AwaitGivesItUpUntilWoken) {
  Mutex mutex;
  Mutex::Waiter waiter;
  bool locked = false;
  BackgroundCall call([&] {
    const MutexLock lock(&mutex);
    locked = true;
    mutex.Await(&waiter);
    EXPECT_FALSE(locked);
    locked = true;
  });
  ASSERT_TRUE(call.AwaitSleep(kPatience));
  {
    const MutexLock lock(&mutex);
    EXPECT_TRUE(locked);
    mutex.Wake(&waiter);
    locked = false;
  }
  ASSERT_TRUE(call.AwaitReturn(kPatience));
  EXPECT_TRUE(locked);
}

TEST(MutexTest, WakeBeforeAwaitIsNotLost) {
  Mutex mutex;
  Mutex::Waiter waiter;
  const MutexLock lock(&mutex);
  mutex.Wake(&waiter);
  mutex.Await(&waiter);
}

}  // namespace
}  // namespace isopoll::internal
