// R6: level-triggered registrations are reported again and again, one-shot ones
// once.

#include <cstddef>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class TriggerTest : public PollerTest {};

TEST_P(TriggerTest, LevelIsReportedByEveryWaitWhileItHolds) {
  Ends pipe = NewPipe();
  Feed(pipe, 2);
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  }
  char byte;
  ASSERT_EQ(ReadSome(pipe.get(), &byte, 1), 1);  // one is left
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  Drain(pipe.get());
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_P(TriggerTest, OneShotIsReportedOnce) {
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1, Trigger::kOneShot),
              IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  ExpectQuiet(poller(), absl::Milliseconds(50));
  Feed(pipe);  // news does not arm it
  EXPECT_THAT(Look(), IsEmpty());
  pipe.peer.reset();  // nor does a hangup
  ExpectQuiet(poller(), absl::Milliseconds(50));
  EXPECT_EQ(poller().size(), 1u);
}

TEST_P(TriggerTest, OneShotWaitsForItsFirstEvent) {
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1, Trigger::kOneShot),
              IsOk());
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Look(), IsEmpty());
  Feed(pipe);
  EXPECT_THAT(WaitOn(poller(), kBound).events,
              ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  EXPECT_THAT(Look(), IsEmpty());
}

// Writable now; the whole interest is gone with it, readable too.
TEST_P(TriggerTest, OneShotEndsInAllDirections) {
  Ends stream = NewSocketPair();
  ASSERT_THAT(poller().Add(stream.get(), kAll, 1, Trigger::kOneShot), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(stream.get(), 1, kWritable)));
  Feed(stream);
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_P(TriggerTest, ModifyArmsAgain) {
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 0, Trigger::kOneShot),
              IsOk());
  for (Token token = 1; token < 5; ++token) {
    EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), token - 1, kReadable)));
    EXPECT_THAT(Look(), IsEmpty());
    ASSERT_THAT(
        poller().Modify(pipe.get(), kReadable, token, Trigger::kOneShot),
        IsOk());
  }
}

TEST_P(TriggerTest, ModifyTurnsOneIntoTheOther) {
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1, Trigger::kOneShot),
              IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  ASSERT_THAT(poller().Modify(pipe.get(), kReadable, 2, Trigger::kLevel),
              IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 2, kReadable)));
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 2, kReadable)));
  ASSERT_THAT(poller().Modify(pipe.get(), kReadable, 3, Trigger::kOneShot),
              IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 3, kReadable)));
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_P(TriggerTest, ModifyToNothingParksAOneShot) {
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kNone, 1, Trigger::kOneShot), IsOk());
  EXPECT_THAT(Look(), IsEmpty());
  ASSERT_THAT(poller().Modify(pipe.get(), kReadable, 2, Trigger::kOneShot),
              IsOk());
  ASSERT_THAT(poller().Modify(pipe.get(), kNone, 3, Trigger::kOneShot), IsOk());
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_P(TriggerTest, OneShotThatFiredIsStillRegistered) {
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1, Trigger::kOneShot),
              IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  EXPECT_THAT(poller().Add(pipe.get(), kReadable, 2),
              HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(poller().Remove(pipe.get()), IsOk());
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 3), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 3, kReadable)));
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 3, kReadable)));
}

// One that found no room in the span has not been reported, and stays armed.
TEST_P(TriggerTest, OneShotWithoutRoomIsReportedLater) {
  std::vector<Ends> pipes;
  std::vector<UniqueFd> files = NewAlwaysReadyFiles();
  std::multiset<int> expected;
  for (int i = 0; i < 7; ++i) pipes.push_back(NewReadablePipe());
  for (const Ends& pipe : pipes) expected.insert(pipe.get());
  for (const UniqueFd& file : files) expected.insert(file.get());
  for (int fd : expected) {
    ASSERT_THAT(poller().Add(fd, kReadable, fd, Trigger::kOneShot), IsOk());
  }
  std::multiset<int> reported;
  for (size_t i = 0; i < expected.size(); ++i) {
    for (const Event& event : Look(/*room=*/2)) reported.insert(event.fd());
  }
  EXPECT_EQ(reported, expected);
}

TEST_P(TriggerTest, OneShotBesideLevel) {
  Ends once = NewReadablePipe();
  Ends always = NewReadablePipe();
  ASSERT_THAT(poller().Add(once.get(), kReadable, 1, Trigger::kOneShot),
              IsOk());
  ASSERT_THAT(poller().Add(always.get(), kReadable, 2), IsOk());
  EXPECT_THAT(Look(),
              UnorderedElementsAre(EventIs(once.get(), 1, kReadable),
                                   EventIs(always.get(), 2, kReadable)));
  EXPECT_THAT(Look(), ElementsAre(EventIs(always.get(), 2, kReadable)));
}

ISOPOLL_ON_EVERY_KIND(TriggerTest);

}  // namespace
}  // namespace isopoll
