// poll(2) as the backends call it, where the system has ppoll(2).

#include "poller/system/poll_call.h"

#include <poll.h>
#include <signal.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <initializer_list>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"

namespace isopoll::internal {
namespace {

// A signal each 10 ms, which ends a call that sleeps.
class Ticks {
 public:
  Ticks() {
    struct sigaction action = {};
    action.sa_handler = [](int) {};
    EXPECT_EQ(::sigaction(SIGALRM, &action, &before_), 0);
    Set(10'000);
  }
  ~Ticks() {
    Set(0);
    EXPECT_EQ(::sigaction(SIGALRM, &before_, nullptr), 0);
  }

 private:
  static void Set(suseconds_t microseconds) {
    const itimerval interval = {{0, microseconds}, {0, microseconds}};
    EXPECT_EQ(::setitimer(ITIMER_REAL, &interval, nullptr), 0);
  }

  struct sigaction before_;
};

class PollForTest : public testing::Test {
 protected:
  const PipeFds pipe_ = Pipe().value();
  pollfd entry_ = {pipe_.read_end.get(), POLLIN, POLLOUT};
};

TEST_F(PollForTest, SleepsForTheTimeout) {
  for (const timespec timeout : {timespec{0, 20'000'000}, timespec{1, 0}}) {
    const absl::Time start = absl::Now();
    EXPECT_EQ(PollFor(&entry_, 1, &timeout), 0);
    EXPECT_GE(absl::Now() - start,
              absl::DurationFromTimespec(timeout) - absl::Milliseconds(1));
    EXPECT_EQ(entry_.revents, 0);
  }
}

TEST_F(PollForTest, WithoutATimeoutSleepsForEver) {
  const Ticks ticks;
  EXPECT_EQ(PollFor(&entry_, 1, nullptr), -1);
  EXPECT_EQ(errno, EINTR);
}

TEST_F(PollForTest, OfNoTimeIsALook) {
  constexpr timespec kNone = {0, 0};
  absl::Duration least = absl::InfiniteDuration();
  for (int i = 0; i < 50; ++i) {
    const absl::Time start = absl::Now();
    EXPECT_EQ(PollFor(&entry_, 1, &kNone), 0);
    least = std::min(least, absl::Now() - start);
  }
  EXPECT_LT(least, absl::Milliseconds(1));
  pollfd other = {pipe_.write_end.get(), POLLIN | POLLOUT, 0};
  EXPECT_EQ(PollFor(&other, 1, &kNone), 1);
  EXPECT_EQ(other.revents, POLLOUT);
}

TEST_F(PollForTest, NeedsNoMarks) {
  EXPECT_EQ(PollMarks(pipe_.read_end.get()), 0);
  EXPECT_EQ(PollMarks(-1), 0);
}

}  // namespace
}  // namespace isopoll::internal
