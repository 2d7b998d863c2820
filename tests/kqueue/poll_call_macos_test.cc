// macOS's poll, as far as it can run on Linux, whose poll(2) and select(2) are
// asked here.

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "poller/system/poll_by_select.h"
#include "poller/system/poll_call.h"
#include "tests/kqueue/ask.h"

namespace isopoll::internal {
namespace {

using testing::ElementsAre;

constexpr int kNoNumber = 100000;

TEST(PollBySelect, AnswersForEachDirectionAsked) {
  SocketPairFds pair = TcpPair().value();
  const int fd = pair.first.get();
  EXPECT_THAT(Ask(&PollBySelect, {{fd, POLLIN | POLLOUT | POLLPRI, 0}}),
              ElementsAre(POLLOUT));
  ASSERT_EQ(::send(pair.second.get(), "ab", 2, MSG_OOB), 2);
  pollfd wait = {fd, POLLPRI, 0};
  ASSERT_EQ(::poll(&wait, 1, 10000), 1);
  EXPECT_THAT(Ask(&PollBySelect, {{fd, POLLIN, 0},
                                  {fd, POLLIN | POLLOUT, 0},
                                  {fd, POLLOUT | POLLPRI, 0},
                                  {fd, 0, 0}}),
              ElementsAre(POLLIN, POLLIN | POLLOUT, POLLOUT | POLLPRI, 0));
}

TEST(PollBySelect, PassesOverNegativeNumbers) {
  PipeFds pipe = Pipe().value();
  EXPECT_THAT(Ask(&PollBySelect, {{~pipe.write_end.get(), POLLOUT, 0},
                                  {pipe.write_end.get(), POLLOUT, 0}}),
              ElementsAre(0, POLLOUT));
}

// Not even while it looks for one that select might sleep through.
TEST(PollBySelect, SleepsBesideNegativeNumbers) {
  PipeFds pipe = Pipe().value();
  const timespec timeout = {0, 120'000'000};
  pollfd entries[] = {{~pipe.read_end.get(), POLLPRI, 0},
                      {pipe.read_end.get(), POLLIN, 0}};
  const absl::Time start = absl::Now();
  EXPECT_EQ(PollBySelect(entries, 2, &timeout), 0);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(119));
}

// Linux's select passes over numbers beyond those that were ever in use, and
// leaves their bits.
TEST(PollBySelect, SaysThatANumberBeyondTheTableIsClosed) {
  PipeFds pipe = Pipe().value();
  EXPECT_THAT(Ask(&PollBySelect,
                  {{pipe.write_end.get(), POLLOUT, 0}, {kNoNumber, POLLIN, 0}}),
              ElementsAre(POLLOUT, POLLNVAL));
}

TEST(PollBySelect, SaysWhichAreClosedAndWhatTheOthersAre) {
  SocketPairFds pair = TcpPair().value();
  PipeFds pipe = Pipe().value();
  const int closed = pipe.read_end.get();
  pipe.read_end.reset();
  EXPECT_THAT(Ask(&PollBySelect, {{pair.first.get(), POLLIN | POLLOUT, 0},
                                  {closed, POLLOUT, 0},
                                  {pair.second.get(), POLLIN, 0},
                                  {-1, POLLIN, 0},
                                  {closed, POLLIN, 0}}),
              ElementsAre(POLLOUT, POLLNVAL, 0, 0, POLLNVAL));
}

TEST(PollBySelect, SleepsForTheTimeout) {
  PipeFds pipe = Pipe().value();
  pollfd entry = {pipe.read_end.get(), POLLIN, 0};
  const timespec timeout = {0, 20'000'000};
  const absl::Time start = absl::Now();
  EXPECT_EQ(PollBySelect(&entry, 1, &timeout), 0);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(19));
  EXPECT_EQ(entry.revents, 0);
}

// A hangup is an answer to anyone who asked, be it for reading or for writing.
// As a hint it is taken from the reading half alone.
TEST(PollFor, AsksForEachDirectionApart) {
  PipeFds pipe = Pipe().value();
  const int fd = pipe.read_end.get();
  EXPECT_THAT(Ask(&PollFor, {{fd, POLLIN | POLLOUT, 0}}), ElementsAre(0));
  pipe.write_end.reset();
  EXPECT_THAT(Ask(&PollFor, {{fd, POLLIN, 0},
                             {fd, POLLOUT, 0},
                             {fd, POLLIN | POLLOUT, 0},
                             {~fd, POLLIN, 0},
                             {kNoNumber, POLLIN | POLLOUT, 0}}),
              ElementsAre(POLLIN | POLLHUP, POLLOUT, POLLIN | POLLOUT | POLLHUP,
                          0, POLLNVAL));
}

TEST(PollFor, TellsErrors) {
  const PipeFds pipe = Pipe().value();
  EXPECT_EQ(ErrorOfTooMany(&PollFor, {pipe.read_end.get(), POLLIN, 0}), EINVAL);
}

TEST(PollFor, LeavesNothingOfEarlierAnswers) {
  const PipeFds pipe = Pipe().value();
  EXPECT_THAT(Ask(&PollFor, {{pipe.read_end.get(), POLLIN, POLLOUT}}),
              ElementsAre(0));
}

// By select there is no hint of a hangup.
TEST(PollFor, TakesNumberZeroForOneLikeOthers) {
  const UniqueFd saved(::dup(0));
  PipeFds pipe = Pipe().value();
  ASSERT_EQ(::dup2(pipe.read_end.get(), 0), 0);
  pipe.write_end.reset();
  EXPECT_THAT(Ask(&PollFor, {{0, POLLIN | POLLPRI, 0}}), ElementsAre(POLLIN));
  saved ? ::dup2(saved.get(), 0) : ::close(0);
}

// Nobody can sleep in two calls: what one entry needs all are asked by.
TEST(PollFor, GoesBySelectForWhatPollDoesNotSee) {
  PipeFds pipe = Pipe().value();
  const int fd = pipe.read_end.get();
  pipe.write_end.reset();
  EXPECT_THAT(Ask(&PollFor, {{fd, POLLIN | POLLOUT | POLLPRI, 0}}),
              ElementsAre(POLLIN));
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const short marks = PollMarks(null.get());
  EXPECT_NE(marks, 0);
  EXPECT_THAT(
      Ask(&PollFor, {{fd, POLLIN | POLLOUT, 0},
                     {null.get(), static_cast<short>(marks | POLLOUT), 0}}),
      ElementsAre(POLLIN, POLLOUT));
}

TEST(PollMarks, AreNeededByAllButSockets) {
  const SocketPairFds pair = TcpPair().value();
  EXPECT_EQ(PollMarks(pair.first.get()), 0);
  const PipeFds pipe = Pipe().value();
  EXPECT_NE(PollMarks(pipe.read_end.get()), 0);
  EXPECT_NE(PollMarks(pipe.write_end.get()), 0);
  EXPECT_EQ(PollMarks(-1), 0);
}

TEST(ToPollTimeout, RoundsUp) {
  EXPECT_EQ(ToPollTimeout(nullptr), -1);
  for (const auto& [time, milliseconds] :
       std::vector<std::pair<timespec, int>>{{{0, 0}, 0},
                                             {{0, 1}, 1},
                                             {{0, 1'000'000}, 1},
                                             {{0, 1'000'001}, 2},
                                             {{1, 0}, 1000}}) {
    EXPECT_EQ(ToPollTimeout(&time), milliseconds);
  }
}

}  // namespace
}  // namespace isopoll::internal
