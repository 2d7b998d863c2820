// R2 and R3: what nobody asked for causes no event, ends no Wait and makes none
// spin; a parked registration is silent.

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "net/internal/sys.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ElementsAre;

constexpr absl::Duration kAWhile = absl::Milliseconds(80);

class QuietTest : public PollerTest {
 protected:
  // Expects a Wait on `fd` alone to sleep on, with each of the options.
  static void ExpectSilence(int fd, Interest asked,
                            Trigger trigger = Trigger::kLevel) {
    for (bool both : {false, true}) {
      PollerOptions options;
      options.exact_hints = both;
      options.check_closed = both;
      std::unique_ptr<Poller> poller = New(options);
      ASSERT_THAT(poller->Add(fd, asked, 1, trigger), IsOk());
      ExpectQuiet(*poller, kAWhile);
      EXPECT_EQ(poller->size(), 1u);
    }
  }
};

TEST_P(QuietTest, HungUpPipeAskedForWhatItNeverIs) {
  ExpectSilence(NewHungUpPipe().get(), kNeverOfReadEnd);
}

TEST_P(QuietTest, HungUpPipeAskedForPriority) {
  ExpectSilence(NewHungUpPipe().get(), kPriority);
}

TEST_P(QuietTest, PipeWithoutReaderAskedForPriority) {
  Ends pipe = NewPipeWriter();
  pipe.peer.reset();
  ExpectSilence(pipe.get(), kPriority);
}

TEST_P(QuietTest, ResetTcpAskedForPriority) {
  ExpectSilence(NewResetTcp().get(), kPriority);
}

TEST_P(QuietTest, FinishedTcpAskedForPriority) {
  Ends tcp = NewTcp();
  ASSERT_EQ(sys::Shutdown(tcp.peer.get(), SHUT_WR), 0);
  Await(tcp.get(), POLLIN);
  ExpectSilence(tcp.get(), kPriority);
}

TEST_P(QuietTest, NeverConnectedTcpAskedForPriority) {
  ExpectSilence(NewTcpSocket().get(), kPriority);
}

TEST_P(QuietTest, HungUpUnixSocketAskedForPriority) {
  ExpectSilence(NewHungUpSocket().get(), kPriority);
}

TEST_P(QuietTest, RefusedUdpAskedForPriority) {
  ExpectSilence(NewRefusedUdp().get(), kPriority);
}

TEST_P(QuietTest, HungUpOneShotAskedForWhatItNeverIs) {
  ExpectSilence(NewHungUpPipe().get(), kNeverOfReadEnd, Trigger::kOneShot);
}

TEST_P(QuietTest, ParkedHangupsAndErrors) {
  ExpectSilence(NewHungUpPipe().get(), kNone);
  ExpectSilence(NewResetTcp().get(), kNone);
  ExpectSilence(NewRefusedUdp().get(), kNone);
  ExpectSilence(NewReadablePipe().get(), kNone);
}

TEST_P(QuietTest, ParkingKeepsTheRegistration) {
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  ASSERT_THAT(poller().Modify(pipe.get(), kNone, 2), IsOk());
  EXPECT_EQ(poller().size(), 1u);
  EXPECT_THAT(poller().Add(pipe.get(), kReadable, 3),
              HasCode(absl::StatusCode::kAlreadyExists));
  ExpectQuiet(poller(), kAWhile);
  ASSERT_THAT(poller().Modify(pipe.get(), kReadable, 4), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 4, kReadable)));
  ASSERT_THAT(poller().Modify(pipe.get(), kNone, 5), IsOk());
  EXPECT_THAT(poller().Remove(pipe.get()), IsOk());
  EXPECT_EQ(poller().size(), 0u);
}

// Hung up while Wait sleeps: the kernel wakes the poller, who sleeps on.
TEST_P(QuietTest, HangupDuringWait) {
  Ends pipe = NewPipe();
  Ends other = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kNeverOfReadEnd, 1), IsOk());
  ASSERT_THAT(poller().Add(other.get(), kNone, 2), IsOk());
  pipe.peer.reset();
  other.peer.reset();
  ExpectQuiet(poller(), kAWhile);
  ExpectQuiet(poller(), kAWhile);
}

// A second of many at once: their wake-ups must not add up either.
TEST_P(QuietTest, ManyTogether) {
  std::vector<UniqueFd> fds;
  for (int i = 0; i < 20; ++i) {
    fds.push_back(NewHungUpPipe());
    ASSERT_THAT(poller().Add(fds.back().get(), kNeverOfReadEnd, i), IsOk());
    fds.push_back(NewHungUpSocket());
    ASSERT_THAT(poller().Add(fds.back().get(), kPriority, i), IsOk());
  }
  ExpectQuiet(poller(), absl::Seconds(1));
}

// What is muted must not keep others waiting, nor take their room.
TEST_P(QuietTest, OthersAreReportedBesideMutedOnes) {
  std::vector<UniqueFd> muted;
  for (int i = 0; i < 20; ++i) {
    muted.push_back(NewHungUpPipe());
    ASSERT_THAT(poller().Add(muted.back().get(), kNeverOfReadEnd, i), IsOk());
  }
  Ends first = NewReadablePipe();
  Ends second = NewReadablePipe();
  ASSERT_THAT(poller().Add(first.get(), kReadable, 101), IsOk());
  ASSERT_THAT(poller().Add(second.get(), kReadable, 102), IsOk());
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Look(/*room=*/2), testing::UnorderedElementsAre(
                                      EventIs(first.get(), 101, kReadable),
                                      EventIs(second.get(), 102, kReadable)));
  }
}

// What the muted descriptor was asked for comes in the end, again and again.
TEST_P(QuietTest, MutedComesBackWhenAskedForHappens) {
  UniqueFd client = NewTcpSocket();
  ASSERT_THAT(poller().Add(client.get(), kPriority, 1), IsOk());
  ExpectQuiet(poller(), kAWhile);  // hung up: not connected yet
  UniqueFd server = ConnectAndAccept(client.get());
  ExpectQuiet(poller(), kAWhile);

  SendUrgent(server.get());
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(WaitOn(poller(), kBound).events,
                ElementsAre(EventIs(client.get(), 1, kPriority)));
  }
  TakeUrgent(client.get());
  ExpectQuiet(poller(), kAWhile);
}

// The hangup that nobody asked for does not use up the shot.
TEST_P(QuietTest, MutedOneShotComesBackOnce) {
  UniqueFd client = NewTcpSocket();
  ASSERT_THAT(poller().Add(client.get(), kPriority, 1, Trigger::kOneShot),
              IsOk());
  ExpectQuiet(poller(), kAWhile);
  UniqueFd server = ConnectAndAccept(client.get());
  SendUrgent(server.get());
  EXPECT_THAT(WaitOn(poller(), kBound).events,
              ElementsAre(EventIs(client.get(), 1, kPriority)));
  ExpectQuiet(poller(), kAWhile);
}

TEST_P(QuietTest, MutedAnswersToModifyAtOnce) {
  UniqueFd pipe = NewHungUpPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kNeverOfReadEnd, 1), IsOk());
  for (int i = 0; i < 2; ++i) {
    ExpectQuiet(poller(), kAWhile);
    ASSERT_THAT(poller().Modify(pipe.get(), kReadable, 2), IsOk());
    EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 2, kReadable)));
    EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 2, kReadable)));
    ASSERT_THAT(poller().Modify(pipe.get(), kNeverOfReadEnd, 3), IsOk());
  }
}

// It is muted again, whatever the poller still knows of it.
TEST_P(QuietTest, MutedStaysQuietWhenChanged) {
  UniqueFd socket = NewHungUpSocket();
  UniqueFd pipe = NewHungUpPipe();
  ASSERT_THAT(poller().Add(socket.get(), kPriority, 1), IsOk());
  ASSERT_THAT(poller().Add(pipe.get(), kNeverOfReadEnd, 2), IsOk());
  ExpectQuiet(poller(), kAWhile);
  ASSERT_THAT(poller().Modify(pipe.get(), kPriority, 3), IsOk());
  ExpectQuiet(poller(), kAWhile);
  ASSERT_THAT(poller().Modify(pipe.get(), kNone, 4), IsOk());
  ASSERT_THAT(poller().Modify(socket.get(), kNone, 5), IsOk());
  ExpectQuiet(poller(), kAWhile);
  ASSERT_THAT(poller().Modify(pipe.get(), kNeverOfReadEnd | kPriority, 6),
              IsOk());
  ASSERT_THAT(poller().Remove(socket.get()), IsOk());
  ASSERT_THAT(poller().Add(socket.get(), kPriority, 7), IsOk());
  ExpectQuiet(poller(), kAWhile);
}

TEST_P(QuietTest, MutedCanBeRemovedAndAddedAgain) {
  UniqueFd pipe = NewHungUpPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kNeverOfReadEnd, 1), IsOk());
  ExpectQuiet(poller(), kAWhile);
  ASSERT_THAT(poller().Remove(pipe.get()), IsOk());
  ASSERT_THAT(
      poller().Add(pipe.get(), kReadable | kPriority | kNeverOfReadEnd, 2),
      IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 2, kReadable)));
  EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 2, kReadable)));
}

ISOPOLL_ON_EVERY_KIND(QuietTest);

}  // namespace
}  // namespace isopoll
