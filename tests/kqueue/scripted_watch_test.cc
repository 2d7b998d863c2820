// Who watches what, and which calls it takes to say so.

#include <fcntl.h>
#include <poll.h>
#include <sys/event.h>
#include <sys/stat.h>

#include <cerrno>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/kqueue/kqueue_system.h"
#include "tests/kqueue/scripted_kernel.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Interest kBoth = kReadable | kWritable;

class ScriptedWatchTest : public ScriptedKernelTest {
 protected:
  ScriptedWatchTest() {
    // 0 is the first place of a table that is empty yet.
    script_.files = {{0, S_IFSOCK}, {7, S_IFSOCK}, {8, S_IFIFO}};
  }

  absl::StatusCode AddsWith(int fd, Interest interest = kReadable) {
    return poller_->Add(fd, interest, 0).code();
  }
};

TEST_F(ScriptedWatchTest, SocketsHaveFilters) {
  for (const int fd : {0, 7}) Add(fd, kReadable);
  EXPECT_THAT(Calls(), ElementsAre("0+read", "7+read"));
  // Of a new one also the flags, in which a path shows.
  EXPECT_THAT(Questions(),
              ElementsAre("fstat 0", "F_GETFL 0", "fstat 7", "F_GETFL 7"));
  Modify(7, kWritable);
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("7-read 7+write", "look 8"));
  EXPECT_THAT(Questions(), ElementsAre("fstat 7"));
  for (const int fd : {0, 7}) EXPECT_EQ(poller_->Remove(fd), absl::OkStatus());
  EXPECT_THAT(Calls(), ElementsAre("0-read", "7-write"));
  EXPECT_THAT(Questions(), IsEmpty());
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("look 8"));
}

TEST_F(ScriptedWatchTest, PollWatchesWhatTheFiltersDoNotSee) {
  Add(8, kReadable);
  Add(7, kReadable);
  EXPECT_THAT(Calls(), ElementsAre("7+read"));
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Sleep(), ElementsAre("woken"));
  EXPECT_THAT(Calls(), ElementsAre("poll 8r", "poll 8r sleep", "wake"));
  Questions();
  Modify(8, kBoth);
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("poll 8rw"));
  // Which end of a FIFO the number is of now, its flags say.
  EXPECT_THAT(Questions(), ElementsAre("fstat 8", "F_GETFL 8"));
  EXPECT_EQ(poller_->Remove(8), absl::OkStatus());
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("look 8"));
}

// The number is another file's.
TEST_F(ScriptedWatchTest, PollAndFiltersTakeTurns) {
  Add(8, kBoth);
  script_.files[8] = S_IFSOCK;
  Modify(8, kBoth);
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("8+read 8+write", "look 5"));
  script_.files[8] = S_IFIFO;
  Modify(8, kBoth);
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("8-read 8-write", "poll 8rw"));
}

TEST_F(ScriptedWatchTest, PollWatchesWhatAFilterIsRefusedFor) {
  Add(7, kReadable);
  script_.refused[EVFILT_WRITE] = ENODEV;
  Modify(7, kWritable);
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(),
              ElementsAre("7+read", "7-read 7+write", "7-write", "poll 7w"));
}

// A terminal that was revoked.
TEST_F(ScriptedWatchTest, PollWatchesWhatHasNoStatus) {
  script_.without_status = 7;
  Add(7, kReadable);
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("poll 7r"));
}

TEST_F(ScriptedWatchTest, WithoutAPriorityFilterPollWatchesForIt) {
  system_.except = {};
  NewPoller();
  Add(7, kReadable | kPriority);
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("poll 7rp"));
  Modify(7, kReadable);
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("7+read", "look 5"));
}

TEST_F(ScriptedWatchTest, WithItPollNeedNot) {
  Add(7, kPriority);
  EXPECT_THAT(Calls(), ElementsAre("7+except"));
}

TEST_F(ScriptedWatchTest, WhatHasFalsePriorityIsNotWatchedForIt) {
  system_.without_false_priority = [](int /*fd*/, Interest interest) {
    return interest & kBoth;
  };
  NewPoller();
  Add(7, kReadable | kPriority);
  Add(8, kPriority);
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("7+read", "look 8"));
}

TEST_F(ScriptedWatchTest, FilesAreAlwaysReadableAndWritable) {
  for (const mode_t kind : {S_IFREG, S_IFDIR, S_IFBLK}) {
    script_.files[9] = kind;
    Add(9, kReadable | kPriority);
    EXPECT_THAT(Sleep(), ElementsAre("9 r"));
    Modify(9, kBoth);
    EXPECT_THAT(Look(), ElementsAre("9 rw"));
    EXPECT_THAT(Calls(), ElementsAre("look 5", "look 5"));
    EXPECT_EQ(poller_->Remove(9), absl::OkStatus());
  }
}

TEST_F(ScriptedWatchTest, FilesAreNeverOfPriority) {
  script_.files[9] = S_IFREG;
  Add(9, kPriority);
  EXPECT_THAT(Sleep(), ElementsAre("woken"));
  EXPECT_THAT(Calls(), ElementsAre("sleep 5", "wake"));
}

TEST_F(ScriptedWatchTest, FilesThatWereClosedAreNot) {
  script_.files[9] = script_.files[10] = script_.files[11] = S_IFREG;
  for (const int fd : {9, 10, 11}) Add(fd, kReadable);
  script_.files.erase(9);
  script_.files.erase(11);
  EXPECT_THAT(Sleep(), ElementsAre("10 r"));
  Questions();
  EXPECT_THAT(Sleep(), ElementsAre("10 r"));
  EXPECT_THAT(Questions(), ElementsAre("F_GETFD 10"));
}

// The number was closed and is another file's by the next look.
TEST_F(ScriptedWatchTest, FilesThatWereModifiedMeanwhileAre) {
  script_.files[9] = S_IFREG;
  Add(9, kReadable);
  script_.meanwhile = [this] {
    Modify(9, kBoth);
    script_.files.erase(9);
  };
  script_.found = {Finds({}), [this](auto) {
                     script_.files[9] = S_IFREG;
                     return 0;
                   }};
  EXPECT_THAT(Sleep(), ElementsAre("9 rw"));
}

TEST_F(ScriptedWatchTest, WhatIsNotOpenIsRefused) {
  EXPECT_EQ(AddsWith(1), absl::StatusCode::kFailedPrecondition);
  script_.flags = O_PATH;
  EXPECT_EQ(AddsWith(0), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(AddsWith(kQueue), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Calls(), IsEmpty());
  script_.flags = ~O_PATH;
  Add(0, kReadable);
}

TEST_F(ScriptedWatchTest, WhatWasClosedLosesItsFilters) {
  Add(7, kReadable);
  Add(8, kReadable);
  script_.files.clear();
  for (const int fd : {7, 8}) Modify(fd, kBoth);
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("7+read", "7-read", "look 8"));
}

TEST_F(ScriptedWatchTest, ErrorsOfTheKernelAreTold) {
  script_.refused[EVFILT_READ] = ENOMEM;
  EXPECT_EQ(AddsWith(7), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(Calls(), ElementsAre("7+read", "7-read"));
  internal::KqueueSystem system = ScriptedSystem();
  system.kqueue = [] {
    errno = EMFILE;
    return -1;
  };
  EXPECT_EQ(internal::MakeKqueuePoller(system, {}).status().code(),
            absl::StatusCode::kResourceExhausted);
}

// A sleeper in kevent has the kernel see changes of filters; of what it does
// not see it is woken up to take note.
TEST_F(ScriptedWatchTest, SleepersAreToldWhatTheyCannotSee) {
  Add(7, kReadable);
  const auto asleep = [this](std::function<void()> meanwhile) {
    Calls();
    script_.meanwhile = std::move(meanwhile);
    script_.found = {Finds({EventOf(EVFILT_READ, 7)})};
    script_.polled = {FindsPolled({{kQueue, POLLIN}})};
    EXPECT_THAT(Sleep(), ElementsAre("7 r"));
    return Calls();
  };
  EXPECT_THAT(asleep([this] { Add(0, kReadable); }),
              ElementsAre("sleep 5", "0+read"));
  EXPECT_THAT(asleep([this] { Add(8, kReadable); }),
              ElementsAre("sleep 8", "wake"));
  EXPECT_THAT(
      asleep([this] { Modify(0, kWritable); }),
      ElementsAre("poll 8r sleep", "0-read 0+write", "wake", "look 11"));
  EXPECT_EQ(poller_->Remove(8), absl::OkStatus());
  EXPECT_THAT(asleep([this] { Modify(0, kReadable); }),
              ElementsAre("sleep 11", "0+read 0-write"));
  script_.files[9] = S_IFREG;
  EXPECT_THAT(asleep([this] { Add(9, kPriority); }), ElementsAre("sleep 11"));
  script_.found = {Finds({})};
  script_.meanwhile = [this] { Modify(9, kReadable); };
  EXPECT_THAT(Sleep(), ElementsAre("9 r"));
  EXPECT_THAT(Calls(), ElementsAre("sleep 11", "wake", "look 11"));
}

}  // namespace
}  // namespace isopoll
