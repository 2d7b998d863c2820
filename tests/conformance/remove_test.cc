// R11: after Remove no event, and the kernel has let go of the file.

#include <atomic>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "net/internal/sys.h"
#include "tests/conformance/background_wait.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ElementsAre;

class RemoveTest : public PollerTest {};

TEST_P(RemoveTest, NoEventAfterwards) {
  Ends pipe = NewReadablePipe();
  UniqueFd hung_up = NewHungUpPipe();
  std::vector<int> fds = {pipe.get(), hung_up.get()};
  const std::vector<UniqueFd> files = NewAlwaysReadyFiles();
  for (const UniqueFd& file : files) fds.push_back(file.get());
  for (int fd : fds) {
    ASSERT_THAT(poller().Add(fd, kAll, 1), IsOk());
    EXPECT_EQ(Look().size(), 1u);
    ASSERT_THAT(poller().Remove(fd), IsOk());
    EXPECT_EQ(poller().size(), 0u);
    ExpectQuiet(poller(), absl::Milliseconds(20));
    EXPECT_THAT(poller().Remove(fd), HasCode(absl::StatusCode::kNotFound));
    EXPECT_THAT(poller().Modify(fd, kAll, 2),
                HasCode(absl::StatusCode::kNotFound));
  }
}

TEST_P(RemoveTest, OthersStay) {
  std::vector<Ends> pipes;
  for (int i = 0; i < 10; ++i) {
    pipes.push_back(NewReadablePipe());
    ASSERT_THAT(poller().Add(pipes[i].get(), kReadable, i), IsOk());
  }
  for (int i = 0; i < 9; ++i) {
    ASSERT_THAT(poller().Remove(pipes[i].get()), IsOk());
    EXPECT_EQ(Look().size(), 9u - i);
  }
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipes[9].get(), 9, kReadable)));
}

// A file that a sleeping system call holds is not closed by close(2) before
// that returns. The peer tells: it sees the hangup of one that is.
TEST_P(RemoveTest, PeerSeesTheCloseThoughAThreadWaits) {
  Ends stays = NewPipe();
  ASSERT_THAT(poller().Add(stays.get(), kReadable, 1), IsOk());
  BackgroundWait wait(poller());
  for (int i = 0; i < 100; ++i) {
    Ends stream = NewSocketPair();
    ASSERT_THAT(poller().Add(stream.get(), kReadable, 2), IsOk());
    wait.AwaitSleep();
    ASSERT_THAT(poller().Remove(stream.get()), IsOk());
    stream.fd.reset();
    ASSERT_TRUE(PeerIsClosed(stream.peer.get())) << i;
  }
  EXPECT_FALSE(wait.ended());
  Feed(stays);
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(stays.get(), 1, kReadable)));
}

// Parked, it is watched no more, but the waiter has yet to leave the kernel.
TEST_P(RemoveTest, PeerSeesTheCloseOfAParkedOneThoughAThreadWaits) {
  BackgroundWait wait(poller());
  for (int i = 0; i < 100; ++i) {
    Ends stream = NewSocketPair();
    ASSERT_THAT(poller().Add(stream.get(), kReadable, 1), IsOk());
    wait.AwaitSleep();
    ASSERT_THAT(poller().Modify(stream.get(), kNone, 1), IsOk());
    ASSERT_THAT(poller().Remove(stream.get()), IsOk());
    stream.fd.reset();
    ASSERT_TRUE(PeerIsClosed(stream.peer.get())) << i;
  }
  poller().Wakeup();
  EXPECT_TRUE(wait.Finish().woken);
}

TEST_P(RemoveTest, PeerSeesTheCloseOfAMutedOneThoughAThreadWaits) {
  Ends stays = NewPipe();
  ASSERT_THAT(poller().Add(stays.get(), kReadable, 1), IsOk());
  BackgroundWait wait(poller());
  for (int i = 0; i < 20; ++i) {
    Ends stream = NewSocketPair();
    ASSERT_EQ(sys::Shutdown(stream.get(), SHUT_RD), 0);
    ASSERT_THAT(poller().Add(stream.get(), kPriority, 2), IsOk());
    wait.AwaitSleep();
    ASSERT_THAT(poller().Remove(stream.get()), IsOk());
    stream.fd.reset();
    ASSERT_TRUE(PeerIsClosed(stream.peer.get())) << i;
  }
  poller().Wakeup();
  EXPECT_TRUE(wait.Finish().woken);
}

// A token is used for one registration only, so that each event tells which one
// it belongs to. No Wait that begins after Remove may report it.
class TokenWatch {
 public:
  explicit TokenWatch(Poller& poller) : poller_(poller) {}

  // Waits until told to stop, checking what each Wait reports.
  void Poll() {
    while (!stop_) {
      const Token removed = removed_;
      for (const Event& event : WaitOn(poller_, absl::Seconds(1)).events) {
        EXPECT_GT(event.token(), removed);
        ++events_;
      }
    }
  }

  // Adds and removes `fd`, which is ready, under ever new tokens.
  void Churn(int fd, int rounds) {
    for (int i = 0; i < rounds; ++i) {
      const Token token = removed_ + 1;
      EXPECT_THAT(poller_.Add(fd, kReadable, token), IsOk());
      if (i % 3 == 0) std::this_thread::yield();
      if (i % 2 == 0) {
        EXPECT_THAT(poller_.Modify(fd, kNone, token), IsOk());
      }
      EXPECT_THAT(poller_.Remove(fd), IsOk());
      removed_ = token;
    }
    stop_ = true;
    poller_.Wakeup();
  }

 private:
  Poller& poller_;
  std::atomic<Token> removed_ = 0;  // the newest token that is no more
  std::atomic<bool> stop_ = false;
  int events_ = 0;
};

TEST_P(RemoveTest, NoEventFromAWaitThatBeginsAfterwards) {
  Ends pipe = NewReadablePipe();
  TokenWatch watch(poller());
  std::thread waiter([&] { watch.Poll(); });
  watch.Churn(pipe.get(), /*rounds=*/2000);
  waiter.join();
  EXPECT_EQ(poller().size(), 0u);
}

TEST_P(RemoveTest, NoEventOfAFileFromAWaitThatBeginsAfterwards) {
  if (!kWatchesFiles) GTEST_SKIP() << "only sockets can be watched here";
  UniqueFd file = NewRegularFile();
  TokenWatch watch(poller());
  std::thread waiter([&] { watch.Poll(); });
  watch.Churn(file.get(), /*rounds=*/500);
  waiter.join();
}

// The waiter must not hold a lock that Remove wants while it sleeps.
TEST_P(RemoveTest, ReturnsThoughAWaitIsEndless) {
  std::vector<Ends> pipes;
  for (int i = 0; i < 50; ++i) {
    pipes.push_back(NewPipe());
    ASSERT_THAT(poller().Add(pipes.back().get(), kReadable, i), IsOk());
  }
  BackgroundWait wait(poller());
  for (const Ends& pipe : pipes) {
    EXPECT_THAT(poller().Remove(pipe.get()), IsOk());
  }
  EXPECT_FALSE(wait.ended());
  poller().Wakeup();
  EXPECT_TRUE(wait.Finish().woken);
}

ISOPOLL_ON_EVERY_KIND(RemoveTest);

}  // namespace
}  // namespace isopoll
