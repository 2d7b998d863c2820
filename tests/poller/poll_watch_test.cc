// PollWatch on a poll(2) that answers as it is told.

#include "poller/unix/poll_watch.h"

#include <poll.h>

#include <ctime>
#include <map>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "poller/core/deadline.h"
#include "poller/interest.h"
#include "poller/unix/mask_dialect.h"
#include "poller/unix/poll_dialects.h"

namespace isopoll::internal {
namespace {

using testing::ElementsAre;

// The backend's own.
constexpr int kFirst = 3;

// What each descriptor is, and how often it was asked.
std::map<int, short> states;
int polls = 0;
int quiet_polls = 0;

int Answer(pollfd* entries, nfds_t count) {
  int found = 0;
  for (nfds_t i = 0; i < count; ++i) {
    entries[i].revents = states[entries[i].fd];
    if (entries[i].revents != 0) ++found;
  }
  return found;
}

int FakePoll(pollfd* entries, nfds_t count, const timespec*) {
  ++polls;
  return Answer(entries, count);
}

// Finds nothing in any time.
int FakeQuietPoll(pollfd* entries, nfds_t count, const timespec*) {
  ++quiet_polls;
  for (nfds_t i = 0; i < count; ++i) entries[i].revents = 0;
  return 0;
}

class PollWatchTest : public testing::Test {
 protected:
  PollWatchTest() {
    states.clear();
    polls = quiet_polls = 0;
  }

  void Put(int fd, Interest interest) {
    watch_.Put(fd, kPollDialect.Ask(interest));
  }

  void Sleep() {
    watch_.Prepare();
    Deadline deadline(absl::Seconds(1));
    ASSERT_TRUE(watch_.Call(&deadline).ok());
  }

  // The descriptors of found(), but for the first.
  std::vector<int> Found() {
    watch_.Prepare();
    std::vector<int> fds;
    for (const pollfd& entry : watch_.found()) fds.push_back(entry.fd);
    EXPECT_EQ(fds.front(), kFirst);
    fds.erase(fds.begin());
    return fds;
  }

  // Whose turn it is.
  int Turn() {
    watch_.Prepare();
    return watch_.found()[watch_.turn()].fd;
  }

  PollWatch watch_{&FakePoll, &FakeQuietPoll, kPollDialect, kFirst};
};

// ---- Holes ----

TEST_F(PollWatchTest, KeepsTheOrderWhoeverIsErased) {
  for (int fd = 10; fd < 16; ++fd) Put(fd, kReadable);
  watch_.Erase(13);
  watch_.Erase(11);
  watch_.Erase(15);
  watch_.Erase(99);
  EXPECT_EQ(watch_.size(), 3u);
  EXPECT_THAT(Found(), ElementsAre(10, 12, 14));
  Put(11, kReadable);
  watch_.Erase(14);
  watch_.Erase(10);
  EXPECT_THAT(Found(), ElementsAre(12, 11));
  watch_.Erase(12);
  watch_.Erase(11);
  EXPECT_EQ(watch_.size(), 0u);
  EXPECT_THAT(Found(), ElementsAre());
}

// More holes than entries are filled at once, and so is the place of each.
TEST_F(PollWatchTest, FillsManyHoles) {
  for (int fd = 10; fd < 30; ++fd) Put(fd, kReadable);
  for (int fd = 12; fd < 28; ++fd) watch_.Erase(fd);
  for (const int fd : {28, 10}) watch_.Erase(fd);
  EXPECT_THAT(Found(), ElementsAre(11, 29));
}

// ---- Turns ----

TEST_F(PollWatchTest, TheTurnIsThatOfTheNextOne) {
  for (int fd = 10; fd < 14; ++fd) Put(fd, kReadable);
  EXPECT_EQ(Turn(), 10);
  watch_.SetTurnBehind(11);
  EXPECT_EQ(Turn(), 12);
  watch_.Erase(10);
  EXPECT_EQ(Turn(), 12);
  watch_.Erase(12);
  EXPECT_EQ(Turn(), 13);
  watch_.SetTurnBehind(12);  // which is not watched: nothing changes
  EXPECT_EQ(Turn(), 13);
}

TEST_F(PollWatchTest, BehindTheLastComesTheFirst) {
  for (int fd = 10; fd < 13; ++fd) Put(fd, kReadable);
  watch_.SetTurnBehind(12);
  EXPECT_EQ(Turn(), 10);
  // One that is put meanwhile was not passed over yet.
  Put(14, kReadable);
  EXPECT_EQ(Turn(), 14);
  watch_.SetTurnBehind(12);
  watch_.Erase(14);
  watch_.Erase(12);
  EXPECT_EQ(Turn(), 10);
}

// The turn was behind the last; what is put there next has it.
TEST_F(PollWatchTest, ATurnBehindTheLastMovesUpToo) {
  for (int fd = 10; fd < 14; ++fd) Put(fd, kReadable);
  watch_.SetTurnBehind(13);
  watch_.Erase(10);
  Found();
  for (const int fd : {20, 21}) Put(fd, kReadable);
  EXPECT_EQ(Turn(), 20);
}

TEST_F(PollWatchTest, ATurnStaysWithWhoeverMovesUp) {
  for (int fd = 10; fd < 16; ++fd) Put(fd, kReadable);
  watch_.SetTurnBehind(14);
  watch_.Erase(11);
  watch_.Erase(12);
  EXPECT_EQ(Turn(), 15);
}

// ---- What nobody asked for ----

TEST_F(PollWatchTest, SleepsQuietlyBesideAHangupNobodyAskedFor) {
  Put(10, kWritable);
  states[10] = POLLHUP;
  Sleep();
  EXPECT_EQ(polls, 1);
  EXPECT_EQ(quiet_polls, 1);
  EXPECT_EQ(watch_.count(), 0);
}

TEST_F(PollWatchTest, SleepsQuietlyBesideAnErrorNobodyAskedFor) {
  Put(10, kPriority);
  states[10] = POLLERR;
  Sleep();
  EXPECT_EQ(quiet_polls, 1);
}

// An error is not readable to OpenBSD's select, though a hangup is.
TEST_F(PollWatchTest, GoesByTheDialect) {
  PollWatch watch(&FakePoll, &FakeQuietPoll, kOpenbsdDialect, kFirst);
  watch.Put(10, kOpenbsdDialect.Ask(kReadable));
  states[10] = POLLERR;
  watch.Prepare();
  Deadline deadline(absl::Seconds(1));
  ASSERT_TRUE(watch.Call(&deadline).ok());
  EXPECT_EQ(quiet_polls, 1);
}

TEST_F(PollWatchTest, DoesNotAskTwiceWhenTheTimeIsUp) {
  Put(10, kWritable);
  Sleep();
  EXPECT_EQ(polls, 1);
  EXPECT_EQ(quiet_polls, 0);
}

TEST_F(PollWatchTest, ReportsWhatWasAskedForBesideIt) {
  for (int fd = 10; fd < 13; ++fd) Put(fd, kWritable);
  states[10] = POLLHUP;
  states[12] = POLLOUT;
  Sleep();
  EXPECT_EQ(quiet_polls, 0);
  EXPECT_EQ(watch_.count(), 2);
}

TEST_F(PollWatchTest, ReportsAWakeUpBesideIt) {
  Put(10, kWritable);
  states[10] = POLLHUP;
  states[kFirst] = POLLIN;
  Sleep();
  EXPECT_EQ(quiet_polls, 0);
}

TEST_F(PollWatchTest, ReportsAClosedNumberBesideIt) {
  Put(10, kWritable);
  Put(11, kWritable);
  states[10] = POLLHUP;
  states[11] = POLLNVAL;
  Sleep();
  EXPECT_EQ(quiet_polls, 0);
}

// To look for it costs time, and is done only while there can be any.
TEST_F(PollWatchTest, LooksForItOnlyWhileThereCanBeAny) {
  Put(10, kReadable);
  states[10] = POLLHUP;
  Sleep();
  EXPECT_EQ(quiet_polls, 0);  // a hangup is readable

  // Nothing of what is watched can be unasked any more, so that a poll that
  // says so is believed.
  Put(11, kWritable);
  Put(11, kReadable);
  Put(12, kWritable);
  watch_.Erase(12);
  states[10] = 0;
  states[11] = POLLOUT;
  Sleep();
  EXPECT_EQ(quiet_polls, 0);
}

TEST_F(PollWatchTest, AsksOnceWithoutSleep) {
  Put(10, kWritable);
  states[10] = POLLHUP;
  watch_.Prepare();
  Deadline immediate = Deadline::Immediate();
  ASSERT_TRUE(watch_.Call(&immediate).ok());
  EXPECT_EQ(polls, 1);
  EXPECT_EQ(quiet_polls, 0);
  EXPECT_EQ(watch_.count(), 1);
}

}  // namespace
}  // namespace isopoll::internal
