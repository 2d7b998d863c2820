// Which calls a Wait makes, and what it makes of their answers.

#include <poll.h>
#include <sys/event.h>
#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "tests/kqueue/scripted_kernel.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr Interest kBoth = kReadable | kWritable;

class ScriptedWaitTest : public ScriptedKernelTest {
 protected:
  ScriptedWaitTest() {
    script_.files = {{1, S_IFSOCK},
                     {2, S_IFSOCK},
                     {3, S_IFSOCK},
                     {8, S_IFIFO},
                     {9, S_IFIFO}};
  }

  std::vector<std::string> LookThatFinds(std::vector<struct kevent> events) {
    script_.found = {Finds(std::move(events))};
    return Look();
  }
  std::vector<std::string> LookThatPolls(std::map<int, short> answers) {
    script_.polled = {FindsPolled(std::move(answers))};
    return Look();
  }
};

TEST_F(ScriptedWaitTest, MergesTheFiltersOfADescriptor) {
  Add(1, kBoth);
  Add(2, kBoth);
  EXPECT_THAT(LookThatFinds({EventOf(EVFILT_WRITE, 1), EventOf(EVFILT_READ, 2),
                             EventOf(EVFILT_READ, 1)}),
              ElementsAre("1 rw", "2 r"));
  // Of which nothing stays.
  EXPECT_THAT(LookThatFinds({EventOf(EVFILT_WRITE, 2)}), ElementsAre("2 w"));
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_F(ScriptedWaitTest, TakesTheEndsForHints) {
  Add(1, kBoth);
  const auto hints = [this](int read_flags, int write_flags, unsigned notes) {
    return LookThatFinds({EventOf(EVFILT_READ, 1, read_flags, notes),
                          EventOf(EVFILT_WRITE, 1, write_flags)});
  };
  EXPECT_THAT(hints(0, 0, 1), ElementsAre("1 rw"));
  EXPECT_THAT(hints(EV_EOF, 0, 0), ElementsAre("1 rw read_closed"));
  EXPECT_THAT(hints(0, EV_EOF, 0), ElementsAre("1 rw"));
  EXPECT_THAT(hints(EV_EOF, EV_EOF, 0), ElementsAre("1 rw hangup read_closed"));
  EXPECT_THAT(hints(EV_EOF, 0, 1), ElementsAre("1 rw read_closed error"));
}

// One event for each of three filters, the wake-up, and one more: a full array
// says that there is more.
TEST_F(ScriptedWaitTest, LooksAgainIfItsRoomWasFilled) {
  Add(1, kBoth);
  script_.found = {
      Finds(std::vector<struct kevent>(5, EventOf(EVFILT_READ, 1))),
      Finds({EventOf(EVFILT_WRITE, 1)})};
  EXPECT_THAT(Look(), ElementsAre("1 w"));
  script_.found = {
      Finds(std::vector<struct kevent>(4, EventOf(EVFILT_READ, 1)))};
  EXPECT_THAT(Look(), ElementsAre("1 r"));
  EXPECT_THAT(Calls(),
              ElementsAre("1+read 1+write", "look 5", "look 5", "look 5"));
}

TEST_F(ScriptedWaitTest, KeepsTheRoomItHad) {
  for (const int fd : {1, 2}) Add(fd, kReadable);
  Look();
  EXPECT_EQ(poller_->Remove(2), absl::OkStatus());
  Calls();
  Look();
  EXPECT_THAT(Calls(), ElementsAre("look 8"));
}

// In whatever order the kernel finds them.
TEST_F(ScriptedWaitTest, StarvesNone) {
  for (const int fd : {1, 2, 3}) Add(fd, kReadable);
  std::vector<std::string> reported;
  for (int i = 0; i < 6; ++i) {
    script_.found = {Finds({EventOf(EVFILT_READ, 3), EventOf(EVFILT_READ, 1),
                            EventOf(EVFILT_READ, 2)})};
    for (const std::string& event : Look(/*room=*/1)) {
      reported.push_back(event);
    }
  }
  EXPECT_THAT(reported, ElementsAre("1 r", "2 r", "3 r", "1 r", "2 r", "3 r"));
}

// What was reported before and changed since is no news.
TEST_F(ScriptedWaitTest, DoesNotAskOfWhatItDidNotFind) {
  for (const int fd : {1, 2}) Add(fd, kReadable);
  EXPECT_THAT(LookThatFinds({EventOf(EVFILT_READ, 1)}), ElementsAre("1 r"));
  Calls();
  script_.meanwhile = [this] { Modify(1, kWritable); };
  script_.found = {Finds({EventOf(EVFILT_READ, 2)})};
  EXPECT_THAT(Sleep(), ElementsAre("2 r"));
  EXPECT_THAT(Calls(), ElementsAre("sleep 8", "1-read 1+write"));

  for (const int fd : {8, 9}) Add(fd, kReadable);
  script_.meanwhile = [this] { Modify(9, kWritable); };
  script_.polled = {FindsPolled({{8, POLLIN}})};
  EXPECT_THAT(Sleep(), ElementsAre("8 r"));
  EXPECT_THAT(Calls(), ElementsAre("poll 8r 9r sleep", "wake"));
}

TEST_F(ScriptedWaitTest, AsksTheQueueOnlyIfPollFindsItReady) {
  Add(1, kReadable);
  Add(8, kReadable);
  Calls();
  script_.found = {Finds({EventOf(EVFILT_READ, 1)})};
  EXPECT_THAT(LookThatPolls({{8, POLLIN}}), ElementsAre("8 r"));
  EXPECT_THAT(Calls(), ElementsAre("poll 8r"));
  EXPECT_THAT(LookThatPolls({{kQueue, POLLIN}, {8, POLLIN}}),
              UnorderedElementsAre("1 r", "8 r"));
  EXPECT_THAT(Calls(), ElementsAre("poll 8r", "look 8"));
  // Those found before are not found again.
  EXPECT_THAT(LookThatPolls({{8, POLLIN}}), ElementsAre("8 r"));
  EXPECT_THAT(LookThatPolls({}), IsEmpty());
}

TEST_F(ScriptedWaitTest, SaysThatPollOrKeventFails) {
  Add(1, kReadable);
  script_.found = {Fails<struct kevent>(ENOMEM)};
  EXPECT_THAT(Look(), ElementsAre("RESOURCE_EXHAUSTED"));
  script_.found = {Fails<struct kevent>(EBADF)};
  EXPECT_THAT(Look(), ElementsAre("INTERNAL"));
  Add(8, kReadable);
  script_.polled = {Fails<pollfd>(ENOMEM)};
  EXPECT_THAT(Look(), ElementsAre("RESOURCE_EXHAUSTED"));
}

// The kernel need not have written anything.
TEST_F(ScriptedWaitTest, NothingIsFoundByACallThatWasInterrupted) {
  Add(1, kReadable);
  EXPECT_THAT(LookThatFinds({EventOf(EVFILT_READ, 1)}), ElementsAre("1 r"));
  script_.found = {Fails<struct kevent>(EINTR)};
  EXPECT_THAT(Look(), IsEmpty());
  Add(8, kReadable);
  EXPECT_THAT(LookThatPolls({{kQueue, POLLIN}, {8, POLLIN}}),
              ElementsAre("8 r"));
  Calls();
  script_.polled = {Fails<pollfd>(EINTR)};
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("poll 8r"));
}

TEST_F(ScriptedWaitTest, TakesHintsFromPoll) {
  Add(8, kBoth);
  EXPECT_THAT(LookThatPolls({{8, POLLIN | POLLHUP}}),
              ElementsAre("8 r hangup read_closed"));
  EXPECT_THAT(LookThatPolls({{8, POLLOUT}}), ElementsAre("8 w"));
}

TEST_F(ScriptedWaitTest, PollsNoMoreWhatWasClosed) {
  for (const int fd : {8, 9}) Add(fd, kReadable);
  EXPECT_THAT(LookThatPolls({{8, POLLNVAL}, {9, POLLIN}}), ElementsAre("9 r"));
  Calls();
  Look();
  EXPECT_THAT(Calls(), ElementsAre("poll 9r"));
}

// Closed when the kernel looked, and opened and registered since.
TEST_F(ScriptedWaitTest, PollsWhatIsOpenAgain) {
  Add(8, kReadable);
  script_.meanwhile = [this] { Modify(8, kBoth); };
  script_.polled = {FindsPolled({{8, POLLNVAL}})};
  Calls();
  EXPECT_THAT(Sleep(), ElementsAre("woken"));
  EXPECT_THAT(Calls(),
              ElementsAre("poll 8r sleep", "wake", "poll 8rw sleep", "wake"));
}

// The kernel drops such a filter, which stays ready.
TEST_F(ScriptedWaitTest, PollsWhatHadAFilterThatFiresOnce) {
  Add(1, kBoth);
  Calls();
  EXPECT_THAT(LookThatFinds({EventOf(EVFILT_READ, 1, EV_EOF | EV_ONESHOT)}),
              ElementsAre("1 r read_closed"));
  EXPECT_THAT(LookThatPolls({{1, POLLOUT}}), ElementsAre("1 w"));
  EXPECT_THAT(Calls(), ElementsAre("look 5", "1-read 1-write", "poll 1rw"));
}

// On macOS: by a filter that only says the truth when it is new.
class ScriptedPriorityTest : public ScriptedWaitTest {
 protected:
  ScriptedPriorityTest() {
    Add(1, kPriority);
    Calls();
  }

  const struct kevent marked_ = EventOf(EVFILT_EXCEPT, 1, 0, NOTE_OOB);
  const struct kevent unmarked_ = EventOf(EVFILT_EXCEPT, 1);
};

TEST_F(ScriptedPriorityTest, IsReportedWhileTheMarkIsPending) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(LookThatFinds({marked_}), ElementsAre("1 p"));
    EXPECT_THAT(Calls(), ElementsAre("1-except 1+except", "look 5"));
  }
  EXPECT_THAT(LookThatFinds({unmarked_}), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("1-except 1+except", "look 5"));
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("look 5"));
}

// But the note's bit is in an errno then.
TEST_F(ScriptedPriorityTest, IsNotReportedAtTheEnd) {
  EXPECT_THAT(LookThatFinds({EventOf(EVFILT_EXCEPT, 1, EV_EOF, 54)}),
              IsEmpty());
}

TEST_F(ScriptedPriorityTest, IsSleptForBehindALook) {
  script_.found = {Finds({}), Finds({marked_}), Finds({marked_})};
  EXPECT_THAT(Sleep(), ElementsAre("1 p"));
  EXPECT_THAT(Calls(), ElementsAre("1-except 1+except", "look 5", "sleep 5",
                                   "1-except 1+except", "look 5"));
}

TEST_F(ScriptedPriorityTest, IsNotBelievedOfAnOldFilter) {
  Add(2, kReadable);
  EXPECT_THAT(Look(), IsEmpty());
  Calls();
  // Nor is anything reported of that look: all have their turn in the next.
  script_.found = {Finds({EventOf(EVFILT_READ, 2), marked_}),
                   Finds({EventOf(EVFILT_READ, 2), unmarked_})};
  EXPECT_THAT(Look(), ElementsAre("2 r"));
  EXPECT_THAT(Calls(), ElementsAre("look 8", "1-except 1+except", "look 8"));
  EXPECT_THAT(LookThatFinds({EventOf(EVFILT_READ, 2)}), ElementsAre("2 r"));
  EXPECT_THAT(Calls(), ElementsAre("look 8"));
}

TEST_F(ScriptedPriorityTest, HasNoFilterThatNobodyWants) {
  Modify(1, kReadable);
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Calls(), ElementsAre("1+read 1-except", "look 5"));
}

TEST_F(ScriptedPriorityTest, IsPolledForIfThereIsNoNewFilter) {
  script_.refused[EVFILT_EXCEPT] = ENOMEM;
  EXPECT_THAT(LookThatPolls({{1, POLLPRI}}), ElementsAre("1 p"));
  EXPECT_THAT(Calls(), ElementsAre("1-except 1+except", "1-except", "poll 1p"));
}

}  // namespace
}  // namespace isopoll
