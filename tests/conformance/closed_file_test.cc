// R12 and R14: an always-ready file that is closed without Remove leaves
// nothing behind.

#include <unistd.h>

#include <set>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/unique_fd.h"
#include "poller/interest.h"
#include "poller/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/process_state.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ClosedFileTest : public PollerTest {};

// Closed, modified, removed, and the number is a file's again.
TEST_P(ClosedFileTest, NumberCanBeAddedAgain) {
  const UniqueFd null = Open("/dev/null");
  const std::set<int> before = tests::OpenDescriptors();
  for (int i = 0; i < 10; ++i) {
    UniqueFd fd = DuplicateTo(null.get());
    ASSERT_THAT(poller().Add(kFreeNumber, kReadable, 1), IsOk());
    EXPECT_THAT(Look(), ElementsAre(EventIs(kFreeNumber, 1, kReadable)));
    fd.reset();
    EXPECT_THAT(poller().Modify(kFreeNumber, kWritable, 2), IsOk());
    EXPECT_THAT(Look(), IsEmpty());
    EXPECT_THAT(poller().Remove(kFreeNumber), IsOk());
    EXPECT_THAT(Look(), IsEmpty());

    fd = DuplicateTo(null.get());
    ASSERT_THAT(poller().Add(kFreeNumber, kReadable, 3), IsOk());
    EXPECT_THAT(Look(), ElementsAre(EventIs(kFreeNumber, 3, kReadable)));
    EXPECT_THAT(poller().Remove(kFreeNumber), IsOk());
  }
  EXPECT_EQ(tests::OpenDescriptors(), before);
}

TEST_P(ClosedFileTest, DoesNotKeepWaitAwake) {
  UniqueFd fd = DuplicateTo(Open("/dev/null").get());
  ASSERT_THAT(poller().Add(kFreeNumber, kReadable, 1), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(kFreeNumber, 1, kReadable)));
  fd.reset();
  ExpectQuiet(poller(), absl::Milliseconds(100));
}

// The number is an idle pipe's now.
TEST_P(ClosedFileTest, IsNotReportedForEverWhenItsNumberIsAnothers) {
  const UniqueFd fd = DuplicateTo(Open("/dev/null").get());
  ASSERT_THAT(poller().Add(fd.get(), kReadable, 1), IsOk());
  const Ends pipe = NewPipe();
  ASSERT_EQ(::dup2(pipe.get(), fd.get()), fd.get());
  for (int i = 0; i < 256 && !Look().empty(); ++i) {
  }
  ExpectQuiet(poller(), absl::Milliseconds(100));
}

ISOPOLL_ON_EVERY_KIND(ClosedFileTest);

}  // namespace
}  // namespace isopoll
