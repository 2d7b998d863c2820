// Sleeping in kevent() and in Poll(): what wakes, and when.

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/event.h>

#include <cerrno>
#include <chrono>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"
#include "tests/conformance/eventually.h"
#include "tests/kqueue_standin/standin.h"
#include "tests/kqueue_standin/testing.h"
#include "tests/support/background_call.h"

namespace isopoll::kqueue_standin {
namespace {

using Clock = std::chrono::steady_clock;

constexpr timespec kAtOnce = {0, 0};
constexpr timespec kMinute = {60, 0};

// A thread that sleeps in kevent(), for a minute at most.
class Sleeper {
 public:
  // Returns when it sleeps, or does no more.
  explicit Sleeper(int kq)
      : call_([this, kq] {
          struct kevent event;
          const int count = ::kevent(kq, nullptr, 0, &event, 1, &kMinute);
          error_ = count == -1 ? errno : 0;
          if (count > 0) events_.assign(1, event);
        }) {
    EXPECT_TRUE(call_.AwaitSleep(kBound));
  }

  pthread_t thread() { return call_.thread(); }

  // What it slept until: Words(), or an errno.
  std::string Woken() {
    call_.AwaitReturn(absl::InfiniteDuration());
    return error_ == 0 ? Words(events_) : std::to_string(error_);
  }

 private:
  int error_ = 0;
  std::vector<struct kevent> events_;
  tests::BackgroundCall call_;
};

class SleepTest : public testing::TestWithParam<Personality> {
 protected:
  int Do(int fd, int filter, int flags, unsigned fflags = 0) {
    return Apply(kq_.get(), Change(fd, filter, flags, fflags));
  }

  UniqueFd kq_ = NewQueue(GetParam());
};

TEST_P(SleepTest, IsEndedByData) {
  Scene scene("tcp a b");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD), 0);
  Sleeper sleeper(kq_.get());
  scene.Do("send b 1");
  EXPECT_EQ(sleeper.Woken(), "R");
}

TEST_P(SleepTest, IsEndedByRoom) {
  Scene scene("tcp a b; fill a");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_WRITE, EV_ADD), 0);
  Sleeper sleeper(kq_.get());
  scene.Do("drain b");
  EXPECT_EQ(sleeper.Woken(), "W");
}

TEST_P(SleepTest, IsEndedByAnotherThreadsChanges) {
  Scene scene("tcp a b; send b 1");
  {
    Sleeper sleeper(kq_.get());
    ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD | EV_DISABLE), 0);
    ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ENABLE), 0);
    EXPECT_EQ(sleeper.Woken(), "R");
  }
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_DELETE), 0);
  Sleeper sleeper(kq_.get());
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_WRITE, EV_ADD), 0);
  EXPECT_EQ(sleeper.Woken(), "W");
}

TEST_P(SleepTest, IsEndedByATrigger) {
  if (GetParam() == Personality::kNetbsd) GTEST_SKIP() << "it has none";
  ASSERT_EQ(Do(1, EVFILT_USER, EV_ADD | EV_CLEAR), 0);
  Sleeper sleeper(kq_.get());
  ASSERT_EQ(Do(1, EVFILT_USER, 0, NOTE_TRIGGER), 0);
  EXPECT_EQ(sleeper.Woken(), "U");
}

TEST_P(SleepTest, OfTwoIsEndedForBoth) {
  Scene scene("tcp a b");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD), 0);
  Sleeper one(kq_.get());
  Sleeper two(kq_.get());
  scene.Do("send b 1");
  EXPECT_EQ(one.Woken(), "R");
  EXPECT_EQ(two.Woken(), "R");
}

TEST_P(SleepTest, DoesNotSpinAfterOthersWereWoken) {
  Scene scene("tcp a b");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD), 0);
  {
    Sleeper one(kq_.get());
    Sleeper two(kq_.get());
    scene.Do("send b 1");
    one.Woken();
    two.Woken();
  }
  scene.Do("recv a 1");
  const auto cpu_time = [] {
    timespec time;
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return absl::DurationFromTimespec(time);
  };
  const absl::Duration before = cpu_time();
  const timespec timeout = {0, 200000000};
  struct kevent event;
  EXPECT_EQ(::kevent(kq_.get(), nullptr, 0, &event, 1, &timeout), 0);
  EXPECT_LT(cpu_time() - before, absl::Milliseconds(40));
}

TEST_P(SleepTest, GoesOnWhenWhatItWatchesIsClosed) {
  Scene scene("tcp a b; tcp c d");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD), 0);
  ASSERT_EQ(Do(scene.Fd("c"), EVFILT_READ, EV_ADD), 0);
  Sleeper sleeper(kq_.get());
  scene.Do("close a; shutdown d w");
  EXPECT_EQ(sleeper.Woken(), "R+E");
}

TEST_P(SleepTest, IsEndedByClosingTheQueue) {
  Sleeper sleeper(kq_.get());
  kq_.reset();
  EXPECT_EQ(sleeper.Woken(), std::to_string(EBADF));
}

TEST_P(SleepTest, IsEndedByASignal) {
  struct sigaction action = {}, before;
  action.sa_handler = [](int) {};
  ASSERT_EQ(::sigaction(SIGUSR2, &action, &before), 0);
  Sleeper sleeper(kq_.get());
  EXPECT_EQ(::pthread_kill(sleeper.thread(), SIGUSR2), 0);
  EXPECT_EQ(sleeper.Woken(), std::to_string(EINTR));
  ::sigaction(SIGUSR2, &before, nullptr);
}

TEST_P(SleepTest, IsNeverTooShort) {
  for (const long nanoseconds : {1L, 300L, 1000L, 50000L, 3000000L}) {
    const timespec timeout = {0, nanoseconds};
    struct kevent event;
    const Clock::time_point start = Clock::now();
    EXPECT_EQ(::kevent(kq_.get(), nullptr, 0, &event, 1, &timeout), 0);
    EXPECT_GE(Clock::now() - start, std::chrono::nanoseconds(nanoseconds));
  }
}

TEST_P(SleepTest, HasATimeoutThatIsOne) {
  struct kevent event;
  for (const timespec& timeout :
       {timespec{0, 1000000000}, timespec{0, -1}, timespec{-1, 0}}) {
    EXPECT_EQ(::kevent(kq_.get(), nullptr, 0, &event, 1, &timeout), -1);
    EXPECT_EQ(errno, EINVAL);
  }
  Scene scene("tcp a b");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_WRITE, EV_ADD), 0);
  const bool is_macos = GetParam() == Personality::kMacos;
  const timespec long_one = {100000001, 0};
  EXPECT_EQ(::kevent(kq_.get(), nullptr, 0, &event, 1, &long_one),
            is_macos ? -1 : 1);
}

TEST_P(SleepTest, InPollSeesQueuesAndOthers) {
  Scene scene("tcp a b; tcp c d");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD), 0);
  pollfd fds[] = {{kq_.get(), POLLIN, 0}, {scene.Fd("c"), POLLPRI, 0}};
  EXPECT_EQ(Poll(fds, 2, &kAtOnce), 0);
  scene.Do("send b 1");
  EXPECT_EQ(Poll(fds, 2, &kMinute), 1);
  EXPECT_EQ(fds[0].revents, POLLIN);
  EXPECT_EQ(fds[1].revents, 0);
  scene.Do("urgent d");
  EXPECT_EQ(Poll(fds, 2, &kMinute), 2);
  EXPECT_EQ(Words(Take(kq_.get())), "R");
  // It is level-triggered, no matter who looked before.
  EXPECT_EQ(Poll(fds, 1, &kMinute), 1);
  scene.Do("recv a 1");
  EXPECT_EQ(Poll(fds, 1, &kAtOnce), 0);
  EXPECT_EQ(Poll(fds, 2, &kMinute), 1);
  EXPECT_EQ(fds[1].revents, POLLPRI);
}

TEST_P(SleepTest, InPollIsEndedByEventsAndByChanges) {
  Scene scene("tcp a b");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD), 0);
  for (const bool by_change : {false, true}) {
    std::thread thread([this] {
      pollfd entry = {kq_.get(), POLLIN, 0};
      EXPECT_EQ(Poll(&entry, 1, &kMinute), 1);
    });
    if (by_change) {
      EXPECT_EQ(Do(scene.Fd("b"), EVFILT_WRITE, EV_ADD), 0);
    } else {
      scene.Do("send b 1");
    }
    thread.join();
    scene.Do("drain a");
  }
}

TEST_P(SleepTest, InPollLastsUntilTheTimeIsUp) {
  Scene scene("tcp a b; send b 1");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD | EV_DISABLE), 0);
  pollfd entry = {kq_.get(), POLLIN, 0};
  const Clock::time_point start = Clock::now();
  const timespec timeout = {0, 5000000};
  EXPECT_EQ(Poll(&entry, 1, &timeout), 0);
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(5));
}

INSTANTIATE_TEST_SUITE_P(All, SleepTest, testing::ValuesIn(kPersonalities),
                         [](const auto& p) { return NameOf(p.param); });

}  // namespace
}  // namespace isopoll::kqueue_standin
