// R12: a number that was closed and opened again without Remove. Modify says
// what is wanted of the number as it is now.

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

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
#include "tests/conformance/eventually.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const int kFd = kFreeNumber;

class ReopenedTest : public PollerTest {
 protected:
  // Registers kFd, another name of `first`, lets a Wait see it, and makes it
  // another name of `second`.
  static UniqueFd AddAndReopen(Poller& poller, int first, int second,
                               Interest interest,
                               Trigger trigger = Trigger::kLevel) {
    UniqueFd fd = DuplicateTo(first, kFd);
    EXPECT_THAT(poller.Add(kFd, interest, 1, trigger), IsOk());
    Look(poller);
    fd.reset();
    return DuplicateTo(second, kFd);
  }

  static std::unique_ptr<Poller> NewChecking() {
    PollerOptions options;
    options.check_closed = true;
    return New(options);
  }

  // Expects that the registration of kFd, with token 2, is `pipe`'s, which is
  // empty.
  static void ExpectPipes(Poller& poller, const Ends& pipe) {
    ExpectQuiet(poller, absl::Milliseconds(20));
    Feed(pipe);
    for (int i = 0; i < 2; ++i) {
      EXPECT_THAT(Look(poller), ElementsAre(EventIs(kFd, 2, kReadable)));
    }
    Drain(pipe.get());
    ExpectQuiet(poller, absl::Milliseconds(20));
    EXPECT_THAT(poller.Remove(kFd), IsOk());
    ExpectQuiet(poller, absl::Milliseconds(20));
  }

  // Ways to modify, from kReadable with token 1 to readability with token 2.
  using Way = void (*)(Poller& poller);
  static std::vector<Way> Ways() {
    return {
        [](Poller& poller) {
          EXPECT_THAT(poller.Modify(kFd, kReadable, 2), IsOk());
        },
        [](Poller& poller) {
          EXPECT_THAT(poller.Set(kFd, kReadable, 2), IsOk());
        },
        [](Poller& poller) {
          EXPECT_THAT(poller.Modify(kFd, kReadable | kPriority, 2), IsOk());
        },
        [](Poller& poller) {
          EXPECT_THAT(poller.Modify(kFd, kNone, 3), IsOk());
          EXPECT_THAT(poller.Modify(kFd, kReadable, 2), IsOk());
        },
        [](Poller& poller) {
          // What is undone before a Wait is no change; what is said again is.
          EXPECT_THAT(poller.Modify(kFd, kNeverOfReadEnd, 3), IsOk());
          EXPECT_THAT(poller.Modify(kFd, kReadable, 2), IsOk());
          EXPECT_THAT(poller.Modify(kFd, kReadable, 2), IsOk());
        },
    };
  }
};

// Whether or not the old file, which is ready, lives on elsewhere.
TEST_P(ReopenedTest, ModifyMakesItTheNewFiles) {
  for (size_t way = 0; way < Ways().size(); ++way) {
    for (bool keep_file : {false, true}) {
      SCOPED_TRACE(testing::Message()
                   << "way " << way << ", keep " << keep_file);
      const std::unique_ptr<Poller> poller = New();
      Ends old = NewReadablePipe();
      const Ends pipe = NewPipe();
      const UniqueFd fd =
          AddAndReopen(*poller, old.get(), pipe.get(), kReadable);
      if (!keep_file) old.fd.reset();
      Ways()[way](*poller);
      ExpectPipes(*poller, pipe);
    }
  }
}

// What epoll refuses to watch, before or after.
TEST_P(ReopenedTest, ModifyMakesItTheNewFilesThoughOneIsAlwaysReady) {
  if (!kWatchesFiles) GTEST_SKIP() << "only sockets can be watched here";
  for (size_t way = 0; way < Ways().size(); ++way) {
    SCOPED_TRACE(testing::Message() << "way " << way);
    const UniqueFd file = NewRegularFile();
    const Ends pipe = NewPipe();
    {
      const std::unique_ptr<Poller> poller = New();
      const UniqueFd fd =
          AddAndReopen(*poller, file.get(), pipe.get(), kReadable);
      Ways()[way](*poller);
      ExpectPipes(*poller, pipe);
    }
    const std::unique_ptr<Poller> poller = New();
    const UniqueFd fd =
        AddAndReopen(*poller, pipe.get(), file.get(), kReadable);
    Ways()[way](*poller);
    for (int i = 0; i < 2; ++i) {
      EXPECT_THAT(Look(*poller), ElementsAre(EventIs(kFd, 2, kReadable)));
    }
  }
}

// Parked when the number changed hands, or a Wait long before.
TEST_P(ReopenedTest, ModifyFromParkedMakesItTheNewFiles) {
  for (bool parked_before : {false, true}) {
    const std::unique_ptr<Poller> poller = New();
    const Ends old = NewReadablePipe();
    const Ends pipe = NewPipe();
    const UniqueFd fd = AddAndReopen(*poller, old.get(), pipe.get(),
                                     parked_before ? kNone : kReadable);
    ASSERT_THAT(poller->Modify(kFd, kNone, 3), IsOk());
    EXPECT_THAT(Look(*poller), IsEmpty());
    ASSERT_THAT(poller->Modify(kFd, kReadable, 2), IsOk());
    ExpectPipes(*poller, pipe);
  }
}

TEST_P(ReopenedTest, AOneShotThatFiredIsArmedForTheNewFile) {
  const Ends readable = NewReadablePipe();
  std::vector<int> olds = {readable.get()};
  const std::vector<UniqueFd> files = NewAlwaysReadyFiles();
  for (const UniqueFd& file : files) olds.push_back(file.get());
  for (const int old : olds) {
    const std::unique_ptr<Poller> poller = New();
    const Ends pipe = NewPipe();
    const UniqueFd fd =
        AddAndReopen(*poller, old, pipe.get(), kReadable, Trigger::kOneShot);
    ASSERT_THAT(poller->Modify(kFd, kReadable, 2, Trigger::kOneShot), IsOk());
    EXPECT_THAT(Look(*poller), IsEmpty());
    Feed(pipe);
    EXPECT_THAT(Look(*poller), ElementsAre(EventIs(kFd, 2, kReadable)));
    EXPECT_THAT(Look(*poller), IsEmpty());
  }
}

TEST_P(ReopenedTest, ModifyDuringAWait) {
  for (size_t way = 0; way < Ways().size(); ++way) {
    SCOPED_TRACE(testing::Message() << "way " << way);
    const std::unique_ptr<Poller> poller = New();
    const Ends old = NewPipe();
    const Ends pipe = NewReadablePipe();
    UniqueFd fd = DuplicateTo(old.get(), kFd);
    ASSERT_THAT(poller->Add(kFd, kReadable, 1), IsOk());
    BackgroundWait wait(*poller);
    fd.reset();
    fd = DuplicateTo(pipe.get(), kFd);
    Ways()[way](*poller);
    EXPECT_THAT(wait.Finish().events, ElementsAre(EventIs(kFd, 2, kReadable)));
  }
}

// The first host refuses, and the connection to the second gets the number.
TEST_P(ReopenedTest, AConnectionThatIsTriedElsewhere) {
  const UniqueFd deaf = NewBoundTcpSocket();
  const UniqueFd listener = NewListener();
  UniqueFd connection = NewConnectionTo(deaf.get());
  const int number = connection.get();
  ASSERT_THAT(poller().Add(number, kWritable, 1), IsOk());
  EXPECT_THAT(WaitOn(poller(), kBound).events,
              ElementsAre(EventIs(number, 1, kWritable)));
  connection.reset();
  connection = NewConnectionTo(listener.get());
  ASSERT_EQ(connection.get(), number);
  ASSERT_THAT(poller().Modify(number, kWritable, 2), IsOk());
  EXPECT_THAT(WaitOn(poller(), kBound).events,
              ElementsAre(EventIs(number, 2, kWritable)));
}

// A pipe, a socket or a file has the number of one of these.
TEST_P(ReopenedTest, CheckedIsReportedOnceAndDropped) {
  if (!kTellsFilesApart) GTEST_SKIP() << "sockets are not told apart here";
  const Ends pipes[] = {NewReadablePipe(), NewReadablePipe()};
  const Ends sockets[] = {NewSocketPair(), NewSocketPair()};
  const UniqueFd files[] = {NewRegularFile(), NewRegularFile()};
  for (const int old : {pipes[0].get(), sockets[0].get(), files[0].get()}) {
    for (const int now : {pipes[1].get(), sockets[1].get(), files[1].get()}) {
      for (Interest interest : {kReadable, kAll, kNone}) {
        const std::unique_ptr<Poller> poller = NewChecking();
        const UniqueFd fd = AddAndReopen(*poller, old, now, interest);
        EXPECT_THAT(Look(*poller), ElementsAre(ClosedEventIs(kFd, 1)));
        EXPECT_EQ(poller->size(), 0u);
        ExpectQuiet(*poller, absl::Milliseconds(20));
        EXPECT_THAT(poller->Remove(kFd), HasCode(absl::StatusCode::kNotFound));
        EXPECT_THAT(poller->Add(kFd, kReadable, 2), IsOk());
        poller->Remove(kFd).IgnoreError();
      }
    }
  }
}

TEST_P(ReopenedTest, CheckedIsNotClosedIfModified) {
  for (size_t way = 0; way < Ways().size(); ++way) {
    SCOPED_TRACE(testing::Message() << "way " << way);
    const std::unique_ptr<Poller> poller = NewChecking();
    const Ends old = NewReadablePipe();
    const Ends pipe = NewPipe();
    const UniqueFd fd = AddAndReopen(*poller, old.get(), pipe.get(), kReadable);
    Ways()[way](*poller);
    ExpectPipes(*poller, pipe);
  }
}

// The same file at the same number is what it was.
TEST_P(ReopenedTest, CheckedIsNotClosedIfTheFileIsBack) {
  const std::unique_ptr<Poller> poller = NewChecking();
  const Ends pipe = NewReadablePipe();
  const UniqueFd fd = AddAndReopen(*poller, pipe.get(), pipe.get(), kReadable);
  for (int i = 0; i < 2; ++i) {
    for (const Event& event : Look(*poller)) {
      EXPECT_THAT(event, EventIs(kFd, 1, kReadable));
    }
  }
  EXPECT_EQ(poller->size(), 1u);
}

ISOPOLL_ON_EVERY_KIND(ReopenedTest);

}  // namespace
}  // namespace isopoll
