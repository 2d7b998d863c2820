// NetBSD's poll, as far as it can run on Linux: the kernel's call is one of the
// test's, which answers as NetBSD's files were seen to.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include <cerrno>
#include <ctime>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "poller/system/poll_call.h"
#include "tests/kqueue/ask.h"

namespace {

// Which descriptor is a FIFO to NetBSD.
int fifo_fd = -1;

// A descriptor that has another answer than Linux's, and that.
int scripted_fd = -1;
short scripted_answer = 0;

// fifo_poll() asks two sockets for whatever it was asked, and each has what the
// FIFO is not opened for: it was shut down there.
short FifoPoll(short events) {
  return (events & POLLIN) != 0 && (events & POLLOUT) != 0 ? POLLIN | POLLOUT
                                                           : events & POLLOUT;
}

}  // namespace

extern "C" int pollts(pollfd* fds, nfds_t count, const timespec* timeout,
                      const sigset_t* mask) {
  const int found = ::ppoll(fds, count, timeout, mask);
  for (nfds_t i = 0; i < count; ++i) {
    if (fds[i].fd == fifo_fd) fds[i].revents = FifoPoll(fds[i].events);
    if (fds[i].fd == scripted_fd) {
      const int told = fds[i].events | POLLHUP | POLLERR;
      fds[i].revents = static_cast<short>(scripted_answer & told);
    }
  }
  return found;
}

namespace isopoll::internal {
namespace {

using testing::ElementsAre;

constexpr int kNoNumber = 100000;

TEST(NetbsdPollFor, AsksAFifoForOneDirectionAtATime) {
  const PipeFds pipe = Pipe().value();
  fifo_fd = pipe.write_end.get();
  EXPECT_THAT(Ask(&PollFor, {{fifo_fd, POLLIN | POLLOUT | POLLRDBAND, 0},
                             {fifo_fd, POLLIN, 0},
                             {fifo_fd, POLLOUT, 0}}),
              ElementsAre(POLLOUT, 0, POLLOUT));
  fifo_fd = -1;
}

TEST(NetbsdPollFor, TakesAPipesHangupForWhatWasAsked) {
  PipeFds pipe = Pipe().value();
  const int fd = pipe.read_end.get();
  EXPECT_THAT(Ask(&PollFor, {{fd, POLLIN | POLLOUT | POLLRDBAND, 0}}),
              ElementsAre(0));
  pipe.write_end.reset();
  EXPECT_THAT(Ask(&PollFor, {{fd, POLLIN, 0},
                             {fd, POLLOUT, 0},
                             {fd, POLLRDBAND, 0},
                             {~fd, POLLIN, 0},
                             {kNoNumber, POLLIN | POLLOUT, 0}}),
              ElementsAre(POLLIN | POLLHUP, POLLOUT | POLLHUP,
                          POLLRDBAND | POLLHUP, 0, POLLNVAL));
}

// Its hint comes all the same, as poll(2) has it: who asked for priority alone
// is told of a hangup that nobody asked for.
TEST(NetbsdPollFor, DoesNotTakeATerminalsHangupForPriority) {
  const UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY));
  const int fd = master.get();
  ASSERT_EQ(::grantpt(fd), 0);
  ASSERT_EQ(::unlockpt(fd), 0);
  // The one open file of the slave, which is closed at once.
  ASSERT_TRUE(UniqueFd(::open(::ptsname(fd), O_RDWR | O_NOCTTY)));
  EXPECT_THAT(Ask(&PollFor, {{fd, POLLIN | POLLOUT | POLLRDBAND, 0},
                             {fd, POLLRDBAND, 0}}),
              ElementsAre(POLLIN | POLLOUT | POLLHUP, POLLHUP));
}

// Of one that was revoked fstat(2) tells nothing. (Here: of a number without a
// file.)
TEST(NetbsdPollFor, DoesNotTakeTheHangupOfWhatHasNoStatusForPriority) {
  scripted_fd = kNoNumber;
  scripted_answer = POLLHUP;
  EXPECT_THAT(Ask(&PollFor, {{kNoNumber, POLLRDBAND, 0}}),
              ElementsAre(POLLHUP));
  scripted_fd = -1;
}

TEST(NetbsdPollFor, TakesItsOwnBitForPriorityAndAnErrorForNone) {
  const PipeFds pipe = Pipe().value();
  scripted_fd = pipe.write_end.get();
  scripted_answer = POLLOUT | POLLRDBAND;
  EXPECT_THAT(Ask(&PollFor, {{scripted_fd, POLLOUT | POLLRDBAND, 0}}),
              ElementsAre(POLLOUT | POLLRDBAND));
  scripted_answer = POLLOUT | POLLERR;
  EXPECT_THAT(Ask(&PollFor, {{scripted_fd, POLLOUT | POLLRDBAND, 0}}),
              ElementsAre(POLLOUT | POLLERR));
  scripted_fd = -1;
}

TEST(NetbsdPollFor, TellsErrors) {
  const PipeFds pipe = Pipe().value();
  EXPECT_EQ(ErrorOfTooMany(&PollFor, {pipe.read_end.get(), POLLIN, 0}), EINVAL);
}

TEST(NetbsdPollFor, LeavesNothingOfEarlierAnswers) {
  const PipeFds pipe = Pipe().value();
  EXPECT_THAT(Ask(&PollFor, {{pipe.read_end.get(), POLLIN, POLLOUT}}),
              ElementsAre(0));
}

TEST(NetbsdPollMarks, AreNotNeeded) { EXPECT_EQ(PollMarks(0), 0); }

TEST(NetbsdPollFor, SleepsForTheTimeout) {
  const PipeFds pipe = Pipe().value();
  pollfd entry = {pipe.read_end.get(), POLLIN, 0};
  const timespec timeout = {0, 20'000'000};
  const absl::Time start = absl::Now();
  EXPECT_EQ(PollFor(&entry, 1, &timeout), 0);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(19));
}

}  // namespace
}  // namespace isopoll::internal
