// R12: a number that was closed without Remove, while a dup or a forked child
// keeps its file, is reported no more after a while.

#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;

// So many Waits that report something may pass.
constexpr int kAWhile = 256;

class LivesOnTest : public PollerTest {
 protected:
  // Registers kFreeNumber, another name of `fd`, and closes it.
  void AddAndClose(int fd, Interest interest) {
    UniqueFd duplicate = DuplicateTo(fd);
    EXPECT_THAT(poller().Add(kFreeNumber, interest, 1), IsOk());
    Look();
  }
};

TEST_P(LivesOnTest, IsReportedNoMore) {
  const Ends pipe = NewReadablePipe();
  AddAndClose(pipe.get(), kReadable);
  for (int i = 0; i < kAWhile; ++i) {
    EXPECT_THAT(Look(), Each(EventIs(kFreeNumber, 1, kReadable)));
  }
  ExpectQuiet(poller(), absl::Milliseconds(50));
  ASSERT_THAT(poller().Remove(kFreeNumber), IsOk());
  EXPECT_EQ(poller().size(), 0u);
  ExpectQuiet(poller(), absl::Milliseconds(20));
}

TEST_P(LivesOnTest, IsReportedNoMoreBesideOthers) {
  const Ends pipe = NewReadablePipe();
  const Ends other = NewReadablePipe();
  const auto is_other = EventIs(other.get(), 2, kReadable);
  ASSERT_THAT(poller().Add(other.get(), kReadable, 2), IsOk());
  AddAndClose(pipe.get(), kReadable);
  for (int i = 0; i < kAWhile; ++i) {
    const std::vector<Event> events = Look();
    EXPECT_THAT(events, Contains(is_other));
    EXPECT_THAT(events,
                Each(AnyOf(is_other, EventIs(kFreeNumber, 1, kReadable))));
  }
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Look(), ElementsAre(is_other));
}

// The number is another file's by then: nothing of the old one is told.
TEST_P(LivesOnTest, IsReportedNoMoreWhileAnotherHasTheNumber) {
  const Ends pipe = NewReadablePipe();
  const Ends idle = NewPipe();
  AddAndClose(pipe.get(), kReadable);
  const UniqueFd taken = DuplicateTo(idle.get());
  for (int i = 0; i < kAWhile; ++i) {
    EXPECT_THAT(Look(), Each(EventIs(kFreeNumber, 1, kReadable)));
  }
  ExpectQuiet(poller(), absl::Milliseconds(50));
}

TEST_P(LivesOnTest, WhatIsOpenIsReportedForEver) {
  const Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  for (int i = 0; i < 3 * kAWhile; ++i) {
    ASSERT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
  }
}

ISOPOLL_ON_EVERY_KIND(LivesOnTest);

}  // namespace
}  // namespace isopoll
