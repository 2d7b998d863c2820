// Set: what is wanted of a number now, registered or not.

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/background_wait.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SetTest : public PollerTest {};

TEST_P(SetTest, AddsWhatIsNotThere) {
  const Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Set(pipe.get(), kReadable, 1), IsOk());
  EXPECT_EQ(poller().size(), 1u);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  }
}

TEST_P(SetTest, ModifiesWhatIs) {
  const Ends socket = NewSocketPair();
  ASSERT_THAT(poller().Add(socket.get(), kReadable, 1), IsOk());
  ASSERT_THAT(poller().Set(socket.get(), kReadable | kWritable, 2), IsOk());
  EXPECT_EQ(poller().size(), 1u);
  EXPECT_THAT(Look(), ElementsAre(EventIs(socket.get(), 2, kWritable)));
}

TEST_P(SetTest, RemovesForTheEmptyInterest) {
  const Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Set(pipe.get(), kReadable, 1), IsOk());
  for (int i = 0; i < 2; ++i) {  // content if nothing is there
    ASSERT_THAT(poller().Set(pipe.get(), kNone, 2), IsOk());
    EXPECT_EQ(poller().size(), 0u);
    EXPECT_THAT(Look(), IsEmpty());
  }
  EXPECT_THAT(poller().Remove(pipe.get()),
              HasCode(absl::StatusCode::kNotFound));
}

// What Remove would: the number was closed, or never was open.
TEST_P(SetTest, RemovesWhatIsClosed) {
  Ends pipe = NewReadablePipe();
  UniqueFd fd = DuplicateTo(pipe.get());
  ASSERT_THAT(poller().Set(kFreeNumber, kReadable, 1), IsOk());
  fd.reset();
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(poller().Set(kFreeNumber, kNone, 2), IsOk());
    EXPECT_EQ(poller().size(), 0u);
  }
  ExpectQuiet(poller(), absl::Milliseconds(20));
}

TEST_P(SetTest, ArmsOneShots) {
  const Ends pipe = NewReadablePipe();
  for (Token token = 0; token < 3; ++token) {
    ASSERT_THAT(poller().Set(pipe.get(), kReadable, token, Trigger::kOneShot),
                IsOk());
    EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), token, kReadable)));
    EXPECT_THAT(Look(), IsEmpty());
  }
  ASSERT_THAT(poller().Set(pipe.get(), kReadable, 7), IsOk());
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 7, kReadable)));
  }
}

TEST_P(SetTest, ReachesAWaitThatSleeps) {
  const Ends first = NewPipe();
  const Ends second = NewReadablePipe();
  ASSERT_THAT(poller().Set(first.get(), kReadable, 1), IsOk());
  {
    BackgroundWait wait(poller());
    ASSERT_THAT(poller().Set(second.get(), kReadable, 2), IsOk());
    EXPECT_THAT(wait.Finish().events,
                ElementsAre(EventIs(second.get(), 2, kReadable)));
  }
  ASSERT_THAT(poller().Set(second.get(), kNone, 0), IsOk());
  BackgroundWait wait(poller());
  ASSERT_THAT(poller().Set(first.get(), kNone, 0), IsOk());
  Feed(first);
  wait.AwaitSleep();
  EXPECT_FALSE(wait.ended());
  poller().Wakeup();
  EXPECT_THAT(wait.Finish().events, IsEmpty());
}

ISOPOLL_ON_EVERY_KIND(SetTest);

}  // namespace
}  // namespace isopoll
