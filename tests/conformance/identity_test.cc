// R13: a registration belongs to a number, and to one Add of it.

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class IdentityTest : public PollerTest {};

TEST_P(IdentityTest, TwoNumbersOfOneFileAreTwoRegistrations) {
  Ends stream = NewSocketPair();
  Feed(stream);
  UniqueFd copy = DuplicateFrom(stream.get());
  ASSERT_THAT(poller().Add(stream.get(), kReadable, 1), IsOk());
  ASSERT_THAT(poller().Add(copy.get(), kWritable, 2), IsOk());
  EXPECT_EQ(poller().size(), 2u);
  EXPECT_THAT(Look(), UnorderedElementsAre(EventIs(stream.get(), 1, kReadable),
                                           EventIs(copy.get(), 2, kWritable)));

  ASSERT_THAT(poller().Modify(copy.get(), kNone, 3), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(stream.get(), 1, kReadable)));
  ASSERT_THAT(poller().Modify(copy.get(), kAll, 4), IsOk());
  EXPECT_THAT(Look(), UnorderedElementsAre(
                          EventIs(stream.get(), 1, kReadable),
                          EventIs(copy.get(), 4, kReadable | kWritable)));

  ASSERT_THAT(poller().Remove(stream.get()), IsOk());
  EXPECT_THAT(Look(),
              ElementsAre(EventIs(copy.get(), 4, kReadable | kWritable)));
}

TEST_P(IdentityTest, OneShotOfOneNumberLeavesTheOther) {
  Ends pipe = NewReadablePipe();
  UniqueFd copy = DuplicateFrom(pipe.get());
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1, Trigger::kOneShot),
              IsOk());
  ASSERT_THAT(poller().Add(copy.get(), kReadable, 2), IsOk());
  EXPECT_THAT(Look(), UnorderedElementsAre(EventIs(pipe.get(), 1, kReadable),
                                           EventIs(copy.get(), 2, kReadable)));
  EXPECT_THAT(Look(), ElementsAre(EventIs(copy.get(), 2, kReadable)));
}

TEST_P(IdentityTest, ClosingARemovedNumberLeavesTheOther) {
  Ends pipe = NewReadablePipe();
  UniqueFd copy = DuplicateFrom(pipe.get());
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  ASSERT_THAT(poller().Add(copy.get(), kReadable, 2), IsOk());
  ASSERT_THAT(poller().Remove(pipe.get()), IsOk());
  pipe.fd.reset();
  EXPECT_THAT(Look(), ElementsAre(EventIs(copy.get(), 2, kReadable)));
}

TEST_P(IdentityTest, AddedAgainHasTheNewTokenInterestAndTrigger) {
  Ends stream = NewSocketPair();
  Feed(stream);
  ASSERT_THAT(poller().Add(stream.get(), kReadable, 1, Trigger::kOneShot),
              IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(stream.get(), 1, kReadable)));
  ASSERT_THAT(poller().Remove(stream.get()), IsOk());
  ASSERT_THAT(poller().Add(stream.get(), kWritable, 2), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(stream.get(), 2, kWritable)));
  EXPECT_THAT(Look(), ElementsAre(EventIs(stream.get(), 2, kWritable)));
}

TEST_P(IdentityTest, NumberThatWasClosedAndOpenedAgainIsNew) {
  const int kFd = kFreeNumber;
  Ends ready = NewReadablePipe();
  for (Token token = 1; token < 10; token += 2) {
    UniqueFd fd = DuplicateTo(ready.get(), kFd);
    ASSERT_THAT(poller().Add(kFd, kReadable, token), IsOk());
    EXPECT_THAT(Look(), ElementsAre(EventIs(kFd, token, kReadable)));
    ASSERT_THAT(poller().Remove(kFd), IsOk());
    fd.reset();

    Ends idle = NewPipe();
    fd = DuplicateTo(idle.get(), kFd);
    ASSERT_THAT(poller().Add(kFd, kReadable, token + 1), IsOk());
    EXPECT_THAT(Look(), IsEmpty());
    Feed(idle);
    EXPECT_THAT(Look(), ElementsAre(EventIs(kFd, token + 1, kReadable)));
    ASSERT_THAT(poller().Remove(kFd), IsOk());
  }
}

// A number changes between what the kernel can watch and what it cannot.
TEST_P(IdentityTest, NumberOfAFileBecomesThatOfAPipe) {
  if (!kWatchesFiles) GTEST_SKIP() << "only sockets can be watched here";
  const int kFd = kFreeNumber;
  UniqueFd file = NewRegularFile();
  Ends pipe = NewPipe();
  for (Token token = 1; token < 10; token += 2) {
    UniqueFd fd = DuplicateTo(file.get(), kFd);
    ASSERT_THAT(poller().Add(kFd, kReadable, token), IsOk());
    EXPECT_THAT(Look(), ElementsAre(EventIs(kFd, token, kReadable)));
    ASSERT_THAT(poller().Remove(kFd), IsOk());
    fd.reset();

    fd = DuplicateTo(pipe.get(), kFd);
    ASSERT_THAT(poller().Add(kFd, kReadable, token + 1), IsOk());
    ExpectQuiet(poller(), absl::Milliseconds(20));
    Feed(pipe);
    EXPECT_THAT(Look(), ElementsAre(EventIs(kFd, token + 1, kReadable)));
    Drain(pipe.get());
    ASSERT_THAT(poller().Remove(kFd), IsOk());
  }
}

TEST_P(IdentityTest, OneDescriptorInTwoPollers) {
  Ends stream = NewSocketPair();
  Feed(stream);
  const auto other = New();
  ASSERT_THAT(poller().Add(stream.get(), kReadable, 1), IsOk());
  ASSERT_THAT(other->Add(stream.get(), kWritable, 2), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(stream.get(), 1, kReadable)));
  EXPECT_THAT(Look(*other), ElementsAre(EventIs(stream.get(), 2, kWritable)));
  ASSERT_THAT(other->Remove(stream.get()), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(stream.get(), 1, kReadable)));
}

ISOPOLL_ON_EVERY_KIND(IdentityTest);

}  // namespace
}  // namespace isopoll
