// The lock in a process that forks, and in a thread that is cancelled.

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "poller/core/mutex.h"
#include "tests/support/background_call.h"

namespace isopoll::internal {
namespace {

using ::isopoll::tests::BackgroundCall;

constexpr absl::Duration kPatience = absl::Seconds(10);

TEST(MutexPosixTest, AChildDestroysWhatItsParentSleepsOn) {
  auto mutex = std::make_unique<Mutex>();
  Mutex::Waiter waiter;
  BackgroundCall awaiting([&] {
    const MutexLock lock(mutex.get());
    mutex->Await(&waiter);
  });
  ASSERT_TRUE(awaiting.AwaitSleep(kPatience));
  mutex->Lock();
  BackgroundCall locking([&] { const MutexLock lock(mutex.get()); });
  EXPECT_TRUE(locking.AwaitSleep(kPatience));
  const pid_t child = ::fork();
  EXPECT_NE(child, -1);
  if (child == 0) {
    ::alarm(10);
    mutex.reset();
    ::_exit(0);
  }
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  mutex->Wake(&waiter);
  mutex->Unlock();
  EXPECT_TRUE(awaiting.AwaitReturn(kPatience));
  EXPECT_TRUE(locking.AwaitReturn(kPatience));
}

// What comes after that is a cancellation point.
TEST(MutexPosixTest, SleepIsNoCancellationPoint) {
  Mutex mutex;
  Mutex::Waiter waiter;
  std::atomic<bool> locked = false, awaited = false;
  mutex.Lock();
  BackgroundCall call([&] {
    int state;
    ::pthread_cancel(::pthread_self());
    {
      const MutexLock lock(&mutex);
      locked = true;
      mutex.Await(&waiter);
      awaited = true;
    }
    ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    EXPECT_EQ(state, PTHREAD_CANCEL_ENABLE);
  });
  EXPECT_TRUE(call.AwaitSleep(kPatience));
  EXPECT_FALSE(locked);
  mutex.Unlock();
  EXPECT_TRUE(call.AwaitSleep(kPatience));
  mutex.Wake(&waiter);
  EXPECT_TRUE(call.AwaitReturn(kPatience));
  EXPECT_TRUE(locked && awaited);
}

}  // namespace
}  // namespace isopoll::internal
