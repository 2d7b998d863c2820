// The table of those whom poll(2) watches: who is in it, in which order, and
// what is done about answers that nobody asked for. The kernel is a script. The
// numbers are multiples of four, as descriptors are on Windows.

#include "poller/system/poll_watch.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "poller/core/deadline.h"
#include "poller/system/platform.h"
#include "poller/system/poll_dialects.h"

namespace isopoll::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kOwn = 360;

// What poll(2) answers of each fd, or the errno that it fails with; and what it
// was asked.
struct Script {
  std::map<int, short> answers;
  int error = 0;
  int calls = 0;
  int quiet_calls = 0;
  std::vector<int> asked;
  bool slept = false;  // a call had a timeout other than 0
  bool forever = false;
};
Script script;

int Answer(PollEntry* entries, PollCount count, const timespec* timeout) {
  script.asked.clear();
  script.forever = timeout == nullptr;
  script.slept |= script.forever || timeout->tv_sec + timeout->tv_nsec > 0;
  int found = 0;
  for (PollCount i = 0; i < count; ++i) {
    script.asked.push_back(entries[i].fd);
    const auto answer = script.answers.find(entries[i].fd);
    entries[i].revents = answer == script.answers.end() ? 0 : answer->second;
    if (entries[i].revents != 0) ++found;
  }
  if (script.error == 0) return found;
  errno = script.error;
  return -1;
}

int ScriptedPoll(PollEntry* entries, PollCount count, const timespec* timeout) {
  ++script.calls;
  return Answer(entries, count, timeout);
}

int ScriptedQuietPoll(PollEntry* entries, PollCount count,
                      const timespec* timeout) {
  ++script.quiet_calls;
  return Answer(entries, count, timeout);
}

class PollWatchTest : public testing::Test {
 protected:
  PollWatchTest() { script = Script(); }

  void Put(int fd, Interest interest = kReadable) {
    watch_.Put(fd, kLinuxDialect.Ask(interest));
  }

  // The fds that a call asks the kernel of, without our own.
  std::vector<int> Asked() {
    EXPECT_TRUE(Call(absl::ZeroDuration()).ok());
    EXPECT_EQ(script.asked.at(0), kOwn);
    return {script.asked.begin() + 1, script.asked.end()};
  }

  absl::Status Call(absl::Duration timeout) {
    Deadline deadline(timeout);
    watch_.Prepare();
    return watch_.Call(&deadline);
  }

  // Whose turn is first, or -1: that of nobody who is watched.
  int Turn() {
    watch_.Prepare();
    const size_t turn = watch_.turn();
    return turn < watch_.found().size() ? watch_.found()[turn].fd : -1;
  }

  PollWatch watch_{&ScriptedPoll, &ScriptedQuietPoll, kLinuxDialect, kOwn};
};

TEST_F(PollWatchTest, ThoseArePutAreAskedOfInOrder) {
  EXPECT_EQ(watch_.size(), 0u);
  for (const int fd : {20, 12, 28}) Put(fd);
  EXPECT_EQ(watch_.size(), 3u);
  EXPECT_THAT(Asked(), ElementsAre(20, 12, 28));
}

TEST_F(PollWatchTest, PutAgainKeepsThePlace) {
  for (const int fd : {20, 12}) Put(fd);
  Put(20, kWritable);
  EXPECT_EQ(watch_.size(), 2u);
  EXPECT_THAT(Asked(), ElementsAre(20, 12));
  EXPECT_EQ(static_cast<uint32_t>(watch_.found()[1].events),
            kLinuxDialect.Ask(kWritable));
}

TEST_F(PollWatchTest, ChangesAreForTheNextPrepare) {
  Put(20);
  watch_.Prepare();
  Put(12);
  EXPECT_EQ(watch_.found().size(), 2u);
  watch_.Prepare();
  EXPECT_EQ(watch_.found().size(), 3u);
  watch_.Erase(20);
  EXPECT_EQ(watch_.found().size(), 3u);
  watch_.Prepare();
  EXPECT_EQ(watch_.found().size(), 2u);
}

// Whichever is erased, and whether or not holes are filled meanwhile, the
// others keep their order and can be erased and put again.
TEST_F(PollWatchTest, EachPairCanBeErased) {
  for (int first = 0; first < 24; first += 4) {
    for (int second = 0; second < 24; second += 4) {
      PollWatch watch(&ScriptedPoll, &ScriptedQuietPoll, kLinuxDialect, kOwn);
      std::vector<int> left;
      for (int fd = 0; fd < 24; fd += 4) {
        watch.Put(fd, kLinuxDialect.Ask(kReadable));
        if (fd != first && fd != second) left.push_back(fd);
      }
      watch.Erase(first);
      watch.Erase(second);
      EXPECT_EQ(watch.size(), left.size());
      left.push_back(first);
      watch.Put(first, kLinuxDialect.Ask(kReadable));
      EXPECT_EQ(watch.size(), left.size());
      watch.Prepare();
      std::vector<int> found;
      for (const PollEntry& entry : watch.found()) found.push_back(entry.fd);
      left.insert(left.begin(), kOwn);
      EXPECT_EQ(found, left) << first << " and " << second;
    }
  }
}

TEST_F(PollWatchTest, AllCanBeErased) {
  for (int fd = 4; fd <= 24; fd += 4) Put(fd);
  for (int fd = 4; fd <= 24; fd += 4) {
    watch_.Erase(fd);
    watch_.Erase(fd);
    EXPECT_EQ(watch_.size(), static_cast<size_t>(6 - fd / 4));
  }
  watch_.Erase(2000);
  EXPECT_THAT(Asked(), IsEmpty());
}

// R5, whichever is erased.
TEST_F(PollWatchTest, TheTurnStaysBehindWhomItWasSet) {
  for (int fd = 4; fd <= 24; fd += 4) Put(fd);
  EXPECT_EQ(Turn(), 4);
  for (int behind = 4; behind <= 20; behind += 4) {
    watch_.SetTurnBehind(behind);
    EXPECT_EQ(Turn(), behind + 4);
  }
  watch_.SetTurnBehind(24);
  EXPECT_EQ(Turn(), 4);

  watch_.SetTurnBehind(12);
  watch_.SetTurnBehind(308);  // which is not watched
  EXPECT_EQ(Turn(), 16);
  watch_.Erase(8);
  EXPECT_EQ(Turn(), 16);
  watch_.Erase(16);
  EXPECT_EQ(Turn(), 20);
  watch_.Erase(24);
  watch_.Erase(4);
  EXPECT_EQ(Turn(), 20);
  watch_.Erase(20);
  EXPECT_EQ(Turn(), 12);
  // It was at the end: those who are put then come first.
  Put(32);
  EXPECT_EQ(Turn(), 32);
}

// The turn was behind the last; what is put there next has it.
TEST_F(PollWatchTest, ATurnBehindTheLastMovesUpToo) {
  for (int fd = 4; fd <= 16; fd += 4) Put(fd);
  watch_.SetTurnBehind(16);
  watch_.Erase(4);
  watch_.Prepare();
  for (const int fd : {32, 36}) Put(fd);
  EXPECT_EQ(Turn(), 32);
}

TEST_F(PollWatchTest, OneCallFindsWhatIsReady) {
  for (const int fd : {20, 12}) Put(fd);
  script.answers = {{12, POLLIN}};
  EXPECT_TRUE(Call(absl::InfiniteDuration()).ok());
  EXPECT_TRUE(script.forever);
  EXPECT_EQ(watch_.count(), 1);
  EXPECT_EQ(watch_.found()[2].revents, POLLIN);
  EXPECT_EQ(script.calls, 1);
  EXPECT_EQ(script.quiet_calls, 0);

  EXPECT_TRUE(Call(absl::Seconds(5)).ok());
  EXPECT_FALSE(script.forever);
  EXPECT_TRUE(script.slept);
}

// R2: poll(2) would say HUP and ERR again at once.
TEST_F(PollWatchTest, WhatNobodyAskedForIsAskedForQuietly) {
  Put(20, kWritable);
  Put(24, kPriority);
  for (const short unasked : {POLLHUP, POLLHUP | POLLERR}) {
    script = Script();
    script.answers = {{unasked == POLLHUP ? 20 : 24, unasked}};
    EXPECT_TRUE(Call(absl::InfiniteDuration()).ok());
    EXPECT_EQ(script.quiet_calls, 1) << unasked;
    EXPECT_TRUE(script.forever);
  }
  // A look without sleep tells the caller, who drops it.
  script = Script();
  script.answers = {{20, POLLHUP}};
  EXPECT_TRUE(Call(absl::ZeroDuration()).ok());
  EXPECT_EQ(script.quiet_calls, 0);
  EXPECT_FALSE(script.slept);
}

TEST_F(PollWatchTest, OneWhoAskedIsEnough) {
  for (const int fd : {20, 24}) Put(fd, kWritable);
  Put(28);
  for (const std::map<int, short>& answers :
       std::vector<std::map<int, short>>{{{20, POLLHUP}, {28, POLLHUP}},
                                         {{20, POLLHUP}, {24, POLLERR}},
                                         {{20, POLLHUP}, {24, POLLNVAL}},
                                         {{20, POLLHUP}, {kOwn, POLLIN}}}) {
    script = Script();
    script.answers = answers;
    EXPECT_TRUE(Call(absl::InfiniteDuration()).ok());
    EXPECT_EQ(script.quiet_calls, 0);
    EXPECT_EQ(watch_.count(), 2);
  }
}

// Nobody is left who could be told what he did not ask for.
TEST_F(PollWatchTest, TheQuietPollIsForThoseWhoNeedIt) {
  Put(28);
  script.answers = {{28, POLLHUP}};
  EXPECT_TRUE(Call(absl::InfiniteDuration()).ok());
  EXPECT_EQ(script.quiet_calls, 0);

  Put(28, kWritable);
  EXPECT_TRUE(Call(absl::InfiniteDuration()).ok());
  EXPECT_EQ(script.quiet_calls, 1);
  Put(28, kWritable | kReadable);
  EXPECT_TRUE(Call(absl::InfiniteDuration()).ok());
  EXPECT_EQ(script.quiet_calls, 1);
}

// One who was put again, or erased, needs it no more: what poll(2) says then is
// believed.
TEST_F(PollWatchTest, ThoseWhoNeededItAreForgotten) {
  Put(20, kWritable);
  Put(20, kReadable);
  Put(24, kWritable);
  watch_.Erase(24);
  script.answers = {{20, POLLOUT}};
  EXPECT_TRUE(Call(absl::InfiniteDuration()).ok());
  EXPECT_EQ(script.quiet_calls, 0);
}

// An error is not readable to OpenBSD's select, though a hangup is.
TEST_F(PollWatchTest, GoesByTheDialect) {
  PollWatch watch(&ScriptedPoll, &ScriptedQuietPoll, kOpenbsdDialect, kOwn);
  watch.Put(20, kOpenbsdDialect.Ask(kReadable));
  watch.Prepare();
  script.answers = {{20, POLLERR}};
  Deadline deadline(absl::InfiniteDuration());
  EXPECT_TRUE(watch.Call(&deadline).ok());
  EXPECT_EQ(script.quiet_calls, 1);
}

// To WSAPoll, POLLHUP is no hangup, and comes unasked all the same.
TEST_F(PollWatchTest, WhatComesUnaskedNeedNotBeAHangup) {
  PollWatch watch(&ScriptedPoll, &ScriptedQuietPoll, kWindowsDialect, kOwn);
  watch.Put(20, kWindowsDialect.Ask(kWritable));
  watch.Prepare();
  script.answers = {{20, POLLHUP}};
  Deadline deadline(absl::InfiniteDuration());
  EXPECT_TRUE(watch.Call(&deadline).ok());
  EXPECT_EQ(script.quiet_calls, 1);
}

TEST_F(PollWatchTest, AsksOnceIfNothingIsFound) {
  Put(20, kWritable);
  errno = ENOMEM;  // of an earlier call
  EXPECT_TRUE(Call(absl::Seconds(1)).ok());
  EXPECT_TRUE(script.slept);
  EXPECT_EQ(script.calls, 1);
  EXPECT_EQ(script.quiet_calls, 0);
}

TEST_F(PollWatchTest, ErrorsAreTold) {
  script.answers = {{kOwn, POLLIN}};
  script.error = EINTR;
  EXPECT_TRUE(Call(absl::InfiniteDuration()).ok());
  EXPECT_EQ(watch_.count(), 0);
  script.error = EINVAL;
  const absl::Status status = Call(absl::InfiniteDuration());
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_THAT(status.message(), testing::HasSubstr("RLIMIT_NOFILE, and 1 are"));
  EXPECT_EQ(watch_.count(), 0);
  script.error = EFAULT;
  EXPECT_THAT(Call(absl::ZeroDuration()).message(),
              testing::AllOf(testing::HasSubstr("poll"),
                             testing::Not(testing::HasSubstr("RLIMIT"))));
}

}  // namespace
}  // namespace isopoll::internal
