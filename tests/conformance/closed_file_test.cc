// R12 and R14: files that are closed without Remove, or have the number of what
// was.

#include <sys/types.h>
#include <unistd.h>

#include <memory>
#include <set>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/process_state.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr off_t kLarge = off_t{3} << 30;

class ClosedFileTest : public PollerTest {
 protected:
  static std::unique_ptr<Poller> NewChecking() {
    PollerOptions options;
    options.check_closed = true;
    return New(options);
  }
};

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

// Without Remove, a regular file has the number for a while, and then the
// socket that had it first.
TEST_P(ClosedFileTest, NumberTakenByARegularFileAndGivenBack) {
  Ends socket = NewSocketPair();
  UniqueFd file = NewRegularFile();
  UniqueFd fd = DuplicateTo(socket.get());
  ASSERT_THAT(poller().Add(kFreeNumber, kReadable, 1), IsOk());
  fd.reset();
  poller().Modify(kFreeNumber, kNone, 2).IgnoreError();
  EXPECT_THAT(Look(), IsEmpty());
  fd = DuplicateTo(file.get());
  ASSERT_THAT(poller().Modify(kFreeNumber, kReadable, 3), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(kFreeNumber, 3, kReadable)));
  fd.reset();
  fd = DuplicateTo(socket.get());
  ASSERT_THAT(poller().Modify(kFreeNumber, kReadable | kPriority, 4), IsOk());
  EXPECT_THAT(Look(), IsEmpty());
  ExpectQuiet(poller(), absl::Milliseconds(100));
}

// A 32-bit program has two fstat(2), and one fails for files past 2 GiB.
TEST_P(ClosedFileTest, CheckedNumberIsALargeFilesNow) {
  const std::unique_ptr<Poller> poller = NewChecking();
  const UniqueFd large = NewRegularFile();
  ASSERT_EQ(::ftruncate(large.get(), kLarge), 0);
  {
    const Ends pipe = NewReadablePipe();
    const UniqueFd fd = DuplicateTo(pipe.get());
    ASSERT_THAT(poller->Add(fd.get(), kReadable, 1), IsOk());
  }
  const UniqueFd taken = DuplicateTo(large.get());
  EXPECT_THAT(Look(*poller), ElementsAre(ClosedEventIs(kFreeNumber, 1)));
}

TEST_P(ClosedFileTest, CheckedLargeFileShrinks) {
  const std::unique_ptr<Poller> poller = NewChecking();
  const UniqueFd file = NewRegularFile();
  ASSERT_EQ(::ftruncate(file.get(), kLarge), 0);
  ASSERT_THAT(poller->Add(file.get(), kReadable, 1), IsOk());
  EXPECT_THAT(Look(*poller), ElementsAre(EventIs(file.get(), 1, kReadable)));
  ASSERT_EQ(::ftruncate(file.get(), 0), 0);
  EXPECT_THAT(Look(*poller), ElementsAre(EventIs(file.get(), 1, kReadable)));
}

ISOPOLL_ON_EVERY_KIND(ClosedFileTest);

}  // namespace
}  // namespace isopoll
