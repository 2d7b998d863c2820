// Hints by poll(2), which is a script here.

#include "poller/core/hint_finder.h"

#include <cerrno>
#include <ctime>
#include <deque>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/platform.h"
#include "poller/system/poll_dialects.h"

namespace isopoll::internal {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

// The errno of the next calls; 0, and after the last: all have hung up.
std::deque<int> errors;
// What each call was shown, by fd; and what it asked for.
std::vector<std::vector<int>> shown;
std::vector<short> asked;

int ScriptedPoll(PollEntry* entries, PollCount count, const timespec* timeout) {
  EXPECT_EQ(timeout->tv_sec + timeout->tv_nsec, 0);
  shown.emplace_back();
  for (PollCount i = 0; i < count; ++i) {
    shown.back().push_back(entries[i].fd);
    asked.push_back(entries[i].events);
  }
  errno = errors.empty() ? 0 : errors.front();
  if (!errors.empty()) errors.pop_front();
  if (errno != 0) return -1;
  for (PollCount i = 0; i < count; ++i) {
    entries[i].revents = entries[i].fd < 0 ? 0 : POLLHUP;
  }
  return static_cast<int>(count);
}

struct ScriptedCalls : DescriptorCalls {
  bool IsOpen(int /*fd*/) const override { return true; }
  absl::Status CheckOpen(int /*fd*/) const override { return absl::OkStatus(); }
  int Identify(int /*fd*/, FileId* /*file*/) const override { return EIO; }
};

class HintFinderTest : public testing::Test {
 protected:
  HintFinderTest() {
    errors.clear();
    shown.clear();
    asked.clear();
    calls_.poll = &ScriptedPoll;
    calls_.poll_dialect = &kLinuxDialect;
    for (const int fd : {3, 4, 5}) events_.emplace_back(fd, 0, kReadable);
  }

  // Which of the events are told to have hung up.
  std::vector<bool> HungUp() {
    HintFinder(calls_).AddHints(absl::MakeSpan(events_));
    std::vector<bool> result;
    for (const Event& event : events_) result.push_back(event.hangup());
    return result;
  }

  ScriptedCalls calls_;
  std::vector<Event> events_;
};

TEST_F(HintFinderTest, OneCallForAll) {
  EXPECT_THAT(HungUp(), ElementsAre(true, true, true));
  EXPECT_THAT(shown, ElementsAre(ElementsAre(3, 4, 5)));
  EXPECT_THAT(asked, Each(static_cast<short>(kLinuxDialect.Ask(kReadable))));
}

TEST_F(HintFinderTest, NoCallForNone) {
  events_.clear();
  EXPECT_THAT(HungUp(), IsEmpty());
  EXPECT_THAT(shown, IsEmpty());
}

TEST_F(HintFinderTest, AClosedNumberIsNotAskedAbout) {
  events_[1].MarkClosed();
  EXPECT_THAT(HungUp(), ElementsAre(true, false, true));
  EXPECT_THAT(shown, ElementsAre(ElementsAre(3, -1, 5)));
}

TEST_F(HintFinderTest, NothingIsLeftOfTheLastTime) {
  HintFinder finder(calls_);
  finder.AddHints(absl::MakeSpan(events_));
  std::vector<Event> others = {Event(9, 0, kReadable)};
  finder.AddHints(absl::MakeSpan(others));
  EXPECT_THAT(shown, ElementsAre(ElementsAre(3, 4, 5), ElementsAre(9)));
}

// A limit that was lowered: more than so many are too many at once.
TEST_F(HintFinderTest, AsksInPortions) {
  for (const int fd : {6, 7, 8}) events_.emplace_back(fd, 0, kReadable);
  errors = {EINVAL, EINVAL};
  EXPECT_THAT(HungUp(), Each(true));
  EXPECT_THAT(shown,
              ElementsAre(ElementsAre(3, 4, 5, 6, 7, 8), ElementsAre(3, 4, 5),
                          ElementsAre(3), ElementsAre(4), ElementsAre(5),
                          ElementsAre(6), ElementsAre(7), ElementsAre(8)));
}

TEST_F(HintFinderTest, TheLastPortionIsWhatIsLeft) {
  errors = {EINVAL, 0, EINTR};
  for (const int fd : {6, 7}) events_.emplace_back(fd, 0, kReadable);
  EXPECT_THAT(HungUp(), Each(true));
  EXPECT_THAT(
      shown, ElementsAre(ElementsAre(3, 4, 5, 6, 7), ElementsAre(3, 4),
                         ElementsAre(5, 6), ElementsAre(5, 6), ElementsAre(7)));
}

// A hint that is missing is no error, and no reason to ask for ever.
TEST_F(HintFinderTest, GivesUp) {
  errors = {ENOMEM};
  EXPECT_THAT(HungUp(), Each(false));
  EXPECT_EQ(shown.size(), 1u);
  shown.clear();
  errors = {EINVAL, EINVAL};  // be it one alone
  EXPECT_THAT(HungUp(), Each(false));
  EXPECT_THAT(shown, ElementsAre(ElementsAre(3, 4, 5), ElementsAre(3)));
}

}  // namespace
}  // namespace isopoll::internal
