// R12 and R14: an always-ready file that is closed without Remove leaves
// nothing behind.

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/unique_fd.h"
#include "poller/interest.h"
#include "poller/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/conformance/process_state.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ClosedFileTest : public PollerTest {};

// Closed, modified, removed, and the number is a file's again.
TEST_P(ClosedFileTest, NumberCanBeAddedAgain) {
  const UniqueFd null = Open("/dev/null");
  const std::set<int> before = OpenDescriptors();
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
  EXPECT_EQ(OpenDescriptors(), before);
}

ISOPOLL_ON_EVERY_KIND(ClosedFileTest);

}  // namespace
}  // namespace isopoll
