// R12: descriptors that were closed without Remove.

#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/background_wait.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

constexpr absl::Duration kAWhile = absl::Milliseconds(100);
const int kFd = kFreeNumber;

class ClosedTest : public PollerTest {
 protected:
  static std::unique_ptr<Poller> NewChecking(bool check_closed = true) {
    PollerOptions options;
    options.check_closed = check_closed;
    return New(options);
  }

  // Registers kFd, a readable pipe, and closes it. Another number of the pipe
  // stays open, and is returned, if `keep_file`.
  static UniqueFd AddAndClose(Poller& poller, Token token, bool keep_file) {
    Ends pipe = NewReadablePipe();
    UniqueFd fd = DuplicateTo(pipe.get(), kFd);
    EXPECT_THAT(poller.Add(kFd, kReadable, token), IsOk());
    if (!keep_file) pipe.fd.reset();
    return std::move(pipe.fd);
  }
};

TEST_P(ClosedTest, UncheckedIsSilent) {
  AddAndClose(poller(), 1, /*keep_file=*/false);
  ExpectQuiet(poller(), kAWhile);
  ExpectQuiet(poller(), kAWhile);
}

TEST_P(ClosedTest, UncheckedDoesNotDisturbOthers) {
  Ends other = NewReadablePipe();
  ASSERT_THAT(poller().Add(other.get(), kReadable, 2), IsOk());
  AddAndClose(poller(), 1, /*keep_file=*/false);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Look(/*room=*/1),
                ElementsAre(EventIs(other.get(), 2, kReadable)));
  }
  Drain(other.get());
  BackgroundWait wait(poller());
  Feed(other);
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(other.get(), 2, kReadable)));
}

TEST_P(ClosedTest, RemoveAfterCloseWorks) {
  for (bool check_closed : {false, true}) {
    const std::unique_ptr<Poller> poller = NewChecking(check_closed);
    AddAndClose(*poller, 1, /*keep_file=*/false);
    EXPECT_THAT(poller->Remove(kFd), IsOk());
    EXPECT_EQ(poller->size(), 0u);
    ExpectQuiet(*poller, absl::Milliseconds(20));
  }
}

// What Modify says is not the point here; what Wait does afterwards is.
TEST_P(ClosedTest, ModifyAfterCloseDoesNotDisturbOthers) {
  for (bool check_closed : {false, true}) {
    const std::unique_ptr<Poller> poller = NewChecking(check_closed);
    Ends other = NewReadablePipe();
    ASSERT_THAT(poller->Add(other.get(), kReadable, 2), IsOk());
    AddAndClose(*poller, 1, /*keep_file=*/false);
    poller->Modify(kFd, kWritable, 3).IgnoreError();
    EXPECT_THAT(Look(*poller), Contains(EventIs(other.get(), 2, kReadable)));
    poller->Remove(kFd).IgnoreError();  // Wait may have dropped it
    EXPECT_THAT(Look(*poller), ElementsAre(EventIs(other.get(), 2, kReadable)));
    EXPECT_EQ(poller->size(), 1u);
  }
}

// epoll(7) goes on to report a file that lives on under another number. It may,
// while registered; but under its own token only, and never after Remove.
TEST_P(ClosedTest, UncheckedWithTheFileStillOpenElsewhere) {
  Ends other = NewPipe();
  ASSERT_THAT(poller().Add(other.get(), kReadable, 2), IsOk());
  UniqueFd lives_on = AddAndClose(poller(), 1, /*keep_file=*/true);
  EXPECT_THAT(Look(), Each(EventIs(kFd, 1, kReadable)));

  ASSERT_THAT(poller().Remove(kFd), IsOk());
  ExpectQuiet(poller(), kAWhile);
  Feed(other);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Look(/*room=*/1),
                ElementsAre(EventIs(other.get(), 2, kReadable)));
  }
}

// Removed late, the number in use again, the old file alive and ready: the new
// registration gets nothing of the old one.
TEST_P(ClosedTest, NumberTakenAgainGetsNothingOfTheOldFile) {
  for (bool check_closed : {false, true}) {
    const std::unique_ptr<Poller> poller = NewChecking(check_closed);
    UniqueFd lives_on = AddAndClose(*poller, 1, /*keep_file=*/true);
    Ends pipe = NewPipe();
    UniqueFd taken = DuplicateTo(pipe.get(), kFd);
    ASSERT_THAT(poller->Remove(kFd), IsOk());
    ASSERT_THAT(poller->Add(kFd, kReadable, 2), IsOk());
    ExpectQuiet(*poller, kAWhile);
    Feed(pipe);
    EXPECT_THAT(Look(*poller), ElementsAre(EventIs(kFd, 2, kReadable)));
    EXPECT_THAT(Look(*poller), ElementsAre(EventIs(kFd, 2, kReadable)));
    Drain(pipe.get());
    ExpectQuiet(*poller, absl::Milliseconds(20));
  }
}

// Without Remove, the number in use by another file: whatever is reported, it
// is under the token of that number.
TEST_P(ClosedTest, NumberTakenAgainWithoutRemove) {
  AddAndClose(poller(), 1, /*keep_file=*/false);
  Ends pipe = NewReadablePipe();
  UniqueFd taken = DuplicateTo(pipe.get(), kFd);
  EXPECT_THAT(Look(), Each(EventIs(kFd, 1, kReadable)));
  EXPECT_THAT(poller().Add(kFd, kReadable, 2),
              HasCode(absl::StatusCode::kAlreadyExists));
  ASSERT_THAT(poller().Remove(kFd), IsOk());
  EXPECT_THAT(Look(), IsEmpty());
  ASSERT_THAT(poller().Add(kFd, kReadable, 3), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(kFd, 3, kReadable)));
}

// The same for one who wants to be told: the file that was added is gone.
TEST_P(ClosedTest, NumberTakenAgainWithoutRemoveIsReportedAsClosed) {
  if (!kTellsFilesApart) GTEST_SKIP() << "sockets are not told apart here";
  const std::unique_ptr<Poller> poller = NewChecking(true);
  AddAndClose(*poller, 1, /*keep_file=*/false);
  Ends pipe = NewReadablePipe();
  UniqueFd taken = DuplicateTo(pipe.get(), kFd);
  EXPECT_THAT(Look(*poller), ElementsAre(ClosedEventIs(kFd, 1)));
  EXPECT_THAT(Look(*poller), IsEmpty());
  EXPECT_THAT(poller->Remove(kFd), HasCode(absl::StatusCode::kNotFound));
  ASSERT_THAT(poller->Add(kFd, kReadable, 2), IsOk());
  EXPECT_THAT(Look(*poller), ElementsAre(EventIs(kFd, 2, kReadable)));
}

// Two files take turns at one number, with Remove between them or without.
TEST_P(ClosedTest, NumberTakenByTurns) {
  Ends first = NewSocketPair();
  Ends second = NewSocketPair();
  UniqueFd fd = DuplicateTo(first.get(), kFd);
  ASSERT_THAT(poller().Add(kFd, kReadable, 1), IsOk());
  fd.reset();
  fd = DuplicateTo(second.get(), kFd);
  ASSERT_THAT(poller().Remove(kFd), IsOk());
  ASSERT_THAT(poller().Add(kFd, kReadable, 2), IsOk());
  fd.reset();
  fd = DuplicateTo(first.get(), kFd);
  ASSERT_THAT(poller().Modify(kFd, kReadable | kPriority, 3), IsOk());
  Feed(second);
  EXPECT_THAT(Look(), IsEmpty());
  Feed(first);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Look(), ElementsAre(EventIs(kFd, 3, kReadable)));
  }
}

TEST_P(ClosedTest, CheckedIsReportedOnceAndDropped) {
  for (bool keep_file : {false, true}) {
    const std::unique_ptr<Poller> poller = NewChecking();
    UniqueFd lives_on = AddAndClose(*poller, 1, keep_file);
    EXPECT_THAT(WaitOn(*poller, absl::InfiniteDuration()).events,
                ElementsAre(ClosedEventIs(kFd, 1)));
    EXPECT_EQ(poller->size(), 0u);
    ExpectQuiet(*poller, kAWhile);
    EXPECT_THAT(poller->Remove(kFd), HasCode(absl::StatusCode::kNotFound));
  }
}

TEST_P(ClosedTest, CheckedNumberCanBeAddedAgain) {
  const std::unique_ptr<Poller> poller = NewChecking();
  UniqueFd lives_on = AddAndClose(*poller, 1, /*keep_file=*/true);
  EXPECT_THAT(Look(*poller), ElementsAre(ClosedEventIs(kFd, 1)));
  UniqueFd again = DuplicateTo(lives_on.get(), kFd);
  ASSERT_THAT(poller->Add(kFd, kReadable, 2), IsOk());
  EXPECT_THAT(Look(*poller), ElementsAre(EventIs(kFd, 2, kReadable)));
}

// Parked, fired, muted, always ready: none of it hides that it is closed.
TEST_P(ClosedTest, CheckedIsReportedInEveryKindOfRegistration) {
  const std::unique_ptr<Poller> poller = NewChecking();
  Ends parked = NewPipe();
  Ends fired = NewReadablePipe();
  UniqueFd muted = NewHungUpPipe();
  std::vector<UniqueFd> files = NewAlwaysReadyFiles();
  std::vector<testing::Matcher<Event>> closed = {ClosedEventIs(parked.get(), 1),
                                                 ClosedEventIs(fired.get(), 2),
                                                 ClosedEventIs(muted.get(), 3)};
  ASSERT_THAT(poller->Add(fired.get(), kReadable, 2, Trigger::kOneShot),
              IsOk());
  EXPECT_THAT(Look(*poller), SizeIs(1));
  ASSERT_THAT(poller->Add(parked.get(), kNone, 1), IsOk());
  ASSERT_THAT(poller->Add(muted.get(), kNeverOfReadEnd, 3), IsOk());
  EXPECT_THAT(Look(*poller), IsEmpty());
  for (const UniqueFd& file : files) {
    ASSERT_THAT(poller->Add(file.get(), kReadable, 4), IsOk());
    closed.push_back(ClosedEventIs(file.get(), 4));
  }
  parked.fd.reset();
  fired.fd.reset();
  muted.reset();
  files.clear();
  EXPECT_THAT(Look(*poller), UnorderedElementsAreArray(closed));
  EXPECT_THAT(Look(*poller), IsEmpty());
  EXPECT_EQ(poller->size(), 0u);
}

TEST_P(ClosedTest, CheckedComesTogetherWithEvents) {
  const std::unique_ptr<Poller> poller = NewChecking();
  Ends ready = NewReadablePipe();
  ASSERT_THAT(poller->Add(ready.get(), kReadable, 2), IsOk());
  AddAndClose(*poller, 1, /*keep_file=*/false);
  EXPECT_THAT(Look(*poller),
              UnorderedElementsAre(ClosedEventIs(kFd, 1),
                                   EventIs(ready.get(), 2, kReadable)));
  EXPECT_THAT(Look(*poller), ElementsAre(EventIs(ready.get(), 2, kReadable)));
}

// More than fit in the span: the others wait for the next Waits.
TEST_P(ClosedTest, CheckedWithoutRoomIsReportedLater) {
  const std::unique_ptr<Poller> poller = NewChecking();
  Ends ready = NewReadablePipe();
  ASSERT_THAT(poller->Add(ready.get(), kReadable, 100), IsOk());
  std::vector<Ends> pipes;
  for (Token token = 0; token < 7; ++token) {
    pipes.push_back(NewPipe());
    ASSERT_THAT(poller->Add(pipes.back().get(), kReadable, token), IsOk());
  }
  for (Ends& pipe : pipes) pipe.fd.reset();
  std::multiset<Token> closed;
  int ready_seen = 0;
  for (int i = 0; i < 8; ++i) {
    for (const Event& event : Look(*poller, /*room=*/2)) {
      if (event.closed()) closed.insert(event.token());
      if (event.readable()) ++ready_seen;
    }
  }
  EXPECT_THAT(closed, ElementsAre(0, 1, 2, 3, 4, 5, 6));
  EXPECT_GT(ready_seen, 0);
  EXPECT_EQ(poller->size(), 1u);
}

// Closed while a thread sleeps in Wait: others are served, and by the next Wait
// all is as if it had been closed before.
TEST_P(ClosedTest, ClosedDuringAWait) {
  for (bool check_closed : {false, true}) {
    const std::unique_ptr<Poller> poller = NewChecking(check_closed);
    Ends closed = NewPipe();
    Ends other = NewPipe();
    UniqueFd fd = DuplicateTo(closed.get(), kFd);
    closed.fd.reset();
    ASSERT_THAT(poller->Add(kFd, kReadable, 1), IsOk());
    ASSERT_THAT(poller->Add(other.get(), kReadable, 2), IsOk());
    BackgroundWait wait(*poller);
    fd.reset();
    Feed(other);
    std::vector<Event> events = wait.Finish().events;
    if (kClosingEndsASleep) {
      for (const Event& event : Look(*poller)) events.push_back(event);
    }
    EXPECT_THAT(events, IsSupersetOf({EventIs(other.get(), 2, kReadable)}));
    Drain(other.get());
    std::vector<Event> closings;
    for (const Event& event : events) {
      if (event.closed()) closings.push_back(event);
    }
    for (const Event& event : Look(*poller)) closings.push_back(event);
    if (check_closed) {
      EXPECT_THAT(closings, ElementsAre(ClosedEventIs(kFd, 1)));
    } else {
      EXPECT_THAT(closings, IsEmpty());
    }
    ExpectQuiet(*poller, kAWhile);
  }
}

// The same, and then data comes on the file that was closed: if anything is
// reported of it, it is under its own token.
TEST_P(ClosedTest, ClosedDuringAWaitWithTheFileStillOpenElsewhere) {
  Ends pipe = NewPipe();
  UniqueFd fd = DuplicateTo(pipe.get(), kFd);
  ASSERT_THAT(poller().Add(kFd, kReadable, 1), IsOk());
  BackgroundWait wait(poller());
  fd.reset();
  Feed(pipe);
  wait.AwaitSleep();
  poller().Wakeup();
  EXPECT_THAT(wait.Finish().events, Each(EventIs(kFd, 1, kReadable)));
  ASSERT_THAT(poller().Remove(kFd), IsOk());
  // The Wakeup is left over if the data ended the Wait first.
  WaitOn(poller(), absl::ZeroDuration());
  ExpectQuiet(poller(), kAWhile);
}

ISOPOLL_ON_EVERY_KIND(ClosedTest);

}  // namespace
}  // namespace isopoll
