// R14: what cannot be polled is accepted, and always readable and writable.

#include <fcntl.h>

#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/background_wait.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class FilesTest : public PollerTest {};

TEST_P(FilesTest, RegularFile) {
  UniqueFd file = NewRegularFile();
  ExpectReady(file.get(), kReadable | kWritable);
  Write(file.get(), 10);
  ExpectReady(file.get(), kReadable | kWritable);
}

TEST_P(FilesTest, Directory) {
  ExpectReady(Open("/").get(), kReadable | kWritable);
}

TEST_P(FilesTest, NullDevice) {
  ExpectReady(Open("/dev/null").get(), kReadable | kWritable);
  ExpectReady(UniqueFd(::open("/dev/null", O_WRONLY | O_CLOEXEC)).get(),
              kReadable | kWritable);
}

TEST_P(FilesTest, OtherDevices) {
  ExpectReady(Open("/dev/zero").get(), kReadable | kWritable);
  ExpectReady(Open("/dev/urandom").get(), kReadable | kWritable);
}

TEST_P(FilesTest, NeverHasPriority) {
  UniqueFd file = NewRegularFile();
  ASSERT_THAT(poller().Add(file.get(), kPriority, 1), IsOk());
  ExpectQuiet(poller(), absl::Milliseconds(100));
}

TEST_P(FilesTest, ParkedIsSilent) {
  UniqueFd file = NewRegularFile();
  ASSERT_THAT(poller().Add(file.get(), kReadable, 1), IsOk());
  ASSERT_THAT(poller().Modify(file.get(), kNone, 2), IsOk());
  EXPECT_EQ(poller().size(), 1u);
  ExpectQuiet(poller(), absl::Milliseconds(100));
  ASSERT_THAT(poller().Modify(file.get(), kWritable, 3), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(file.get(), 3, kWritable)));
}

TEST_P(FilesTest, OneShotIsReportedOnce) {
  UniqueFd file = NewRegularFile();
  ASSERT_THAT(poller().Add(file.get(), kReadable, 1, Trigger::kOneShot),
              IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(file.get(), 1, kReadable)));
  ExpectQuiet(poller(), absl::Milliseconds(20));
  ASSERT_THAT(poller().Modify(file.get(), kReadable, 2, Trigger::kOneShot),
              IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(file.get(), 2, kReadable)));
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_P(FilesTest, WaitReportsOthersToo) {
  UniqueFd file = NewRegularFile();
  Ends pipe = NewReadablePipe();
  Ends idle = NewPipe();
  ASSERT_THAT(poller().Add(file.get(), kReadable, 1), IsOk());
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 2), IsOk());
  ASSERT_THAT(poller().Add(idle.get(), kReadable, 3), IsOk());
  for (absl::Duration timeout : {absl::ZeroDuration(), kBound}) {
    EXPECT_THAT(WaitOn(poller(), timeout).events,
                UnorderedElementsAre(EventIs(file.get(), 1, kReadable),
                                     EventIs(pipe.get(), 2, kReadable)));
  }
}

TEST_P(FilesTest, WaitDoesNotSleep) {
  UniqueFd file = NewRegularFile();
  Ends idle = NewPipe();
  ASSERT_THAT(poller().Add(idle.get(), kReadable, 1), IsOk());
  ASSERT_THAT(poller().Add(file.get(), kWritable, 2), IsOk());
  const Waited waited = WaitOn(poller(), absl::InfiniteDuration());
  EXPECT_THAT(waited.events, ElementsAre(EventIs(file.get(), 2, kWritable)));
  EXPECT_LT(waited.took, kBound);
}

// Files that are asked for nothing they have do not keep Wait awake.
TEST_P(FilesTest, WaitSleepsBesideSilentFiles) {
  UniqueFd parked = NewRegularFile();
  UniqueFd priority = Open("/dev/null");
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(parked.get(), kNone, 1), IsOk());
  ASSERT_THAT(poller().Add(priority.get(), kPriority, 2), IsOk());
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 3), IsOk());
  ExpectQuiet(poller(), absl::Milliseconds(100));
  BackgroundWait wait(poller());
  Feed(pipe);
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(pipe.get(), 3, kReadable)));
}

TEST_P(FilesTest, AFileThatIsAddedEndsASleep) {
  UniqueFd file = NewRegularFile();
  BackgroundWait wait(poller());
  ASSERT_THAT(poller().Add(file.get(), kReadable, 1), IsOk());
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(file.get(), 1, kReadable)));
}

TEST_P(FilesTest, AFileThatIsModifiedEndsASleep) {
  UniqueFd file = NewRegularFile();
  ASSERT_THAT(poller().Add(file.get(), kPriority, 1), IsOk());
  BackgroundWait wait(poller());
  ASSERT_THAT(poller().Modify(file.get(), kWritable, 2), IsOk());
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(file.get(), 2, kWritable)));
}

TEST_P(FilesTest, WakeupComesTogetherWithFiles) {
  UniqueFd file = NewRegularFile();
  ASSERT_THAT(poller().Add(file.get(), kReadable, 1), IsOk());
  poller().Wakeup();
  const Waited waited = WaitOn(poller(), kBound, /*room=*/1);
  EXPECT_TRUE(waited.woken);
  EXPECT_THAT(waited.events, ElementsAre(EventIs(file.get(), 1, kReadable)));
  EXPECT_FALSE(WaitOn(poller(), kBound, /*room=*/1).woken);
}

TEST_P(FilesTest, TwoNumbersOfOneFileAreTwoRegistrations) {
  UniqueFd file = NewRegularFile();
  UniqueFd copy = DuplicateFrom(file.get());
  ASSERT_THAT(poller().Add(file.get(), kReadable, 1), IsOk());
  ASSERT_THAT(poller().Add(copy.get(), kWritable, 2), IsOk());
  EXPECT_THAT(Look(), UnorderedElementsAre(EventIs(file.get(), 1, kReadable),
                                           EventIs(copy.get(), 2, kWritable)));
  ASSERT_THAT(poller().Remove(file.get()), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(copy.get(), 2, kWritable)));
}

// With epoll, a descriptor of the poller's stands for a file, and takes the
// lowest number that is free.
TEST_P(FilesTest, IsReportedThoughAClosedNumberIsUsedForIt) {
  UniqueFd file = NewRegularFile();
  Ends pipe = NewPipe();
  const int gone = pipe.get();
  ASSERT_THAT(poller().Add(gone, kReadable, 1), IsOk());
  pipe.fd.reset();
  ASSERT_THAT(poller().Add(file.get(), kReadable, 2), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(file.get(), 2, kReadable)));
  ASSERT_THAT(poller().Modify(gone, kReadable | kWritable, 3), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(file.get(), 2, kReadable)));
  ASSERT_THAT(poller().Remove(gone), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(file.get(), 2, kReadable)));
}

TEST_P(FilesTest, AClosedNumberThatIsUsedForOneIsReportedAsClosed) {
  PollerOptions options;
  options.check_closed = true;
  const std::unique_ptr<Poller> checking = New(options);
  UniqueFd file = NewRegularFile();
  Ends pipe = NewPipe();
  const int gone = pipe.get();
  ASSERT_THAT(checking->Add(gone, kReadable, 1), IsOk());
  pipe.fd.reset();
  ASSERT_THAT(checking->Add(file.get(), kReadable, 2), IsOk());
  EXPECT_THAT(Look(*checking),
              UnorderedElementsAre(ClosedEventIs(gone, 1),
                                   EventIs(file.get(), 2, kReadable)));
  EXPECT_EQ(checking->size(), 1u);
  EXPECT_THAT(Look(*checking), ElementsAre(EventIs(file.get(), 2, kReadable)));
}

TEST_P(FilesTest, HaveNoHints) {
  PollerOptions options;
  options.exact_hints = true;
  const std::unique_ptr<Poller> exact = New(options);
  UniqueFd file = NewRegularFile();
  ASSERT_THAT(exact->Add(file.get(), kAll, 1), IsOk());
  const std::vector<Event> events = Look(*exact);
  ASSERT_THAT(events, testing::SizeIs(1));
  EXPECT_FALSE(events[0].hangup());
  EXPECT_FALSE(events[0].read_closed());
  EXPECT_FALSE(events[0].error());
}

ISOPOLL_ON_EVERY_KIND(FilesTest);

}  // namespace
}  // namespace isopoll
