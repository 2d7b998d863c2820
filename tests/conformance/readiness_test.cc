// R1: Wait reports of a descriptor what select(2) would, within the interest.
// One test for each of the classic conditions.

#include <cerrno>
#include <cstddef>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "net/internal/sys.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class ReadinessTest : public PollerTest {};

int SetLowWater(int fd, int bytes) {
  return sys::SetSockOpt(fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof(bytes));
}

// read(2) and send(2) of one byte: 0 or more, or the negated errno.
int ReadOne(int fd) {
  char byte;
  const ptrdiff_t count = sys::Recv(fd, &byte, 1);
  return count < 0 ? -errno : static_cast<int>(count);
}

int SendOne(int fd) {
  const ptrdiff_t count = sys::Send(fd, ".", 1);
  return count < 0 ? -errno : static_cast<int>(count);
}

// Readable (a).
TEST_P(ReadinessTest, ReadableWhenBytesReachTheLowWaterMark) {
  if (!kHasLowWaterMark) GTEST_SKIP() << "there is no SO_RCVLOWAT here";
  Ends tcp = NewTcp();
  ASSERT_EQ(SetLowWater(tcp.get(), 100), 0);
  Feed(tcp, 100);
  Await(tcp.get(), POLLIN);
  ExpectReady(tcp.get(), kReadable | kWritable);
}

TEST_P(ReadinessTest, NotReadableBelowTheLowWaterMark) {
  if (!kHasLowWaterMark) GTEST_SKIP() << "there is no SO_RCVLOWAT here";
  Ends tcp = NewTcp();
  Feed(tcp, 99);
  Await(tcp.get(), POLLIN);  // all of them arrive in one piece
  ASSERT_EQ(SetLowWater(tcp.get(), 100), 0);
  ExpectReady(tcp.get(), kWritable);
}

TEST_P(ReadinessTest, NotReadableWithoutBytes) {
  ExpectReady(NewTcp().get(), kWritable);
  ExpectReady(NewSocketPair().get(), kWritable);
  ExpectReady(NewPipe().get(), kAlwaysOfReadEnd);
}

TEST_P(ReadinessTest, ReadableWhenAPipeHasBytes) {
  ExpectReady(NewReadablePipe().get(), kReadable | kAlwaysOfReadEnd);
}

// A zero-length datagram is something to read, and no end of file.
TEST_P(ReadinessTest, ReadableWhenAnEmptyDatagramIsThere) {
  Ends datagrams = NewSocketPair(SOCK_DGRAM);
  ASSERT_EQ(sys::Send(datagrams.peer.get(), "", 0), 0);
  Await(datagrams.get(), POLLIN);
  ExpectReady(datagrams.get(), kReadable | kWritable);
}

// Readable (b).
TEST_P(ReadinessTest, ReadableWhenThePeerHasFinishedSending) {
  Ends tcp = NewTcp();
  ASSERT_EQ(sys::Shutdown(tcp.peer.get(), SHUT_WR), 0);
  Await(tcp.get(), POLLIN);
  ExpectReady(tcp.get(), kReadable | kWritable);
  EXPECT_EQ(ReadOne(tcp.get()), 0);
}

TEST_P(ReadinessTest, ReadableWhenTheWriterOfAPipeIsGone) {
  UniqueFd pipe = NewHungUpPipe();
  // A hangup is not writable.
  ExpectReady(pipe.get(), kReadable | kAlwaysOfReadEnd);
  char byte;
  EXPECT_EQ(ReadSome(pipe.get(), &byte, 1), 0);
}

// Readable (c).
TEST_P(ReadinessTest, ReadableWhenAListenerHasACompletedConnection) {
  UniqueFd listener = NewListener();
  ExpectReady(listener.get(), kNone);
  UniqueFd client = NewConnectionTo(listener.get());
  Await(listener.get(), POLLIN);
  ExpectReady(listener.get(), kReadable);
  UniqueFd accepted = AcceptFrom(listener.get());
  ExpectReady(listener.get(), kNone);
}

// Readable (d).
TEST_P(ReadinessTest, ReadableWhenAnErrorIsPending) {
  UniqueFd tcp = NewResetTcp();
  ExpectReady(tcp.get(), kReadable | kWritable);
  if (!kPollLeavesErrors) GTEST_SKIP() << "poll has taken the error";
  EXPECT_EQ(ReadOne(tcp.get()), -ECONNRESET);
}

TEST_P(ReadinessTest, ReadableWhenADatagramWasRefused) {
  Ends udp = NewRefusedUdp();
  ExpectReady(udp.get(), kRefusedUdp);
  if (!kRefusedUdp.readable()) GTEST_SKIP() << "nothing shows it here";
  EXPECT_EQ(ReadOne(udp.get()), -ECONNREFUSED);
  ExpectReady(udp.get(), kWritable);
}

// Writable (a).
TEST_P(ReadinessTest, WritableWhenAConnectedSocketHasRoom) {
  Ends stream = NewSocketPair();
  ExpectReady(stream.get(), kWritable);
  Fill(stream.get());
  ExpectReady(stream.get(), kNone);
  Drain(stream.peer.get());
  Await(stream.get(), POLLOUT);
  ExpectReady(stream.get(), kWritable);
}

TEST_P(ReadinessTest, WritableWhenAConnectionlessSocketHasRoom) {
  ExpectReady(NewUdpSocket().get(), kWritable);
}

TEST_P(ReadinessTest, WritableWhenAnotherDatagramFits) {
  if (!kHasUnixPairs) GTEST_SKIP() << "UDP is never full";
  Ends datagrams = NewSocketPair(SOCK_DGRAM);
  Fill(datagrams.get());  // the peer's queue
  ExpectReady(datagrams.get(), kNone);
  Drain(datagrams.peer.get());
  ExpectReady(datagrams.get(), kWritable);
}

TEST_P(ReadinessTest, WritableWhenAPipeHasRoom) {
  Ends pipe = NewPipeWriter();
  ExpectReady(pipe.get(), kWritable);
  Fill(pipe.get());
  ExpectReady(pipe.get(), kNone);
}

// Writable (b).
TEST_P(ReadinessTest, WritableWhenTheWriteHalfIsClosed) {
  Ends tcp = NewTcp();
  ASSERT_EQ(sys::Shutdown(tcp.get(), SHUT_WR), 0);
  ExpectReady(tcp.get(), kWritable);
  EXPECT_EQ(SendOne(tcp.get()), -EPIPE);
}

TEST_P(ReadinessTest, WritableWhenThePeerIsGone) {
  UniqueFd stream = NewHungUpSocket();
  ExpectReady(stream.get(), kReadable | kWritable);
  if (!kHasUnixPairs) GTEST_SKIP() << "TCP takes a byte all the same";
  EXPECT_EQ(SendOne(stream.get()), -EPIPE);
}

// On Linux the writer without a reader has an error, and so is readable too.
TEST_P(ReadinessTest, WritableWhenTheReaderOfAPipeIsGone) {
  if (!kWatchesFiles) GTEST_SKIP() << "only sockets can be watched here";
  Ends pipe = NewPipeWriter();
  pipe.peer.reset();
  ExpectReady(pipe.get(), kReadable | kWritable);

  Ends full = NewPipeWriter();
  Fill(full.get());
  full.peer.reset();
  ExpectReady(full.get(), kReadable | kWritable);
}

// Writable (c).
TEST_P(ReadinessTest, WritableWhenAConnectHasSucceeded) {
  UniqueFd listener = NewListener();
  UniqueFd client = NewConnectionTo(listener.get());
  Await(client.get(), POLLOUT);
  ExpectReady(client.get(), kWritable);
  EXPECT_EQ(TakeError(client.get()), 0);
}

TEST_P(ReadinessTest, WritableWhenAConnectHasFailed) {
  UniqueFd nobody = NewBoundTcpSocket();
  UniqueFd client = NewConnectionTo(nobody.get());
  Await(client.get(), kFailed);
  ExpectReady(client.get(), kReadable | kWritable);
  EXPECT_EQ(TakeError(client.get()), ECONNREFUSED);
  ExpectReady(client.get(), kReadable | kWritable);
}

// Writable (d).
TEST_P(ReadinessTest, WritableWhenAnErrorIsPending) {
  UniqueFd tcp = NewResetTcp();
  EXPECT_EQ(SendOne(tcp.get()), -ECONNRESET);
}

TEST_P(ReadinessTest, WritableWhenADatagramWasRefused) {
  Ends udp = NewRefusedUdp();
  ExpectReady(udp.get(), kRefusedUdp);
  if (!kRefusedUdp.readable()) GTEST_SKIP() << "nothing shows it here";
  EXPECT_EQ(SendOne(udp.get()), -ECONNREFUSED);
}

// Exceptional.
TEST_P(ReadinessTest, PriorityWhenOutOfBandDataIsPending) {
  Ends tcp = NewTcp();
  SendUrgent(tcp.peer.get());
  AwaitUrgent(tcp.get());
  ExpectReady(tcp.get(), kWritable | kPriority);
  TakeUrgent(tcp.get());
  ExpectReady(tcp.get(), kWritable);
}

TEST_P(ReadinessTest, OutOfBandDataInLine) {
  Ends tcp = NewTcp();
  const int on = 1;
  ASSERT_EQ(
      sys::SetSockOpt(tcp.get(), SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)), 0);
  SendUrgent(tcp.peer.get());
  Await(tcp.get(), POLLIN);
  ExpectReady(tcp.get(), kUrgentInLine);
  EXPECT_EQ(ReadOne(tcp.get()), 1);
  ExpectReady(tcp.get(), kWritable);
}

// R4: all three directions of a descriptor are one event, as ExpectReady says.
TEST_P(ReadinessTest, ReadableWritableAndPriorityTogether) {
  Ends tcp = NewTcp();
  Feed(tcp);
  SendUrgent(tcp.peer.get());
  Await(tcp.get(), POLLIN);
  AwaitUrgent(tcp.get());
  ExpectReady(tcp.get(), kAll);
}

TEST_P(ReadinessTest, ShutDownForReading) {
  Ends tcp = NewTcp();
  ASSERT_EQ(sys::Shutdown(tcp.get(), SHUT_RD), 0);
  ExpectReady(tcp.get(), kDoneReading);
}

TEST_P(ReadinessTest, ShutDownUdp) {
  Ends udp = NewUdp();
  ASSERT_EQ(sys::Shutdown(udp.get(), SHUT_RDWR), 0);
  ExpectReady(udp.get(), kShutDownUdp);
}

TEST_P(ReadinessTest, NeverConnectedTcp) {
  ExpectReady(NewTcpSocket().get(), kNeverConnected);
}

TEST_P(ReadinessTest, OneWaitReportsEachDescriptorOnceWithItsOwnToken) {
  Ends readable = NewReadablePipe();
  Ends idle = NewPipe();
  Ends tcp = NewTcp();
  Feed(tcp);
  UniqueFd hung_up = NewHungUpPipe();
  const Interest of_pipes = kReadable | kPriority | kNeverOfReadEnd;
  ASSERT_THAT(poller().Add(readable.get(), of_pipes, 1), IsOk());
  ASSERT_THAT(poller().Add(idle.get(), of_pipes, 2), IsOk());
  ASSERT_THAT(poller().Add(tcp.get(), kAll, 3), IsOk());
  ASSERT_THAT(poller().Add(hung_up.get(), of_pipes, 4), IsOk());
  EXPECT_EQ(poller().size(), 4u);
  EXPECT_THAT(Look(),
              UnorderedElementsAre(EventIs(readable.get(), 1, kReadable),
                                   EventIs(tcp.get(), 3, kReadable | kWritable),
                                   EventIs(hung_up.get(), 4, kReadable)));
}

TEST_P(ReadinessTest, FollowsTheStateBackAndForth) {
  Ends pipe = NewPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Look(), IsEmpty());
    Feed(pipe);
    EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
    Drain(pipe.get());
  }
}

TEST_P(ReadinessTest, ModifyChangesWhatTheNextWaitReports) {
  Ends tcp = NewTcp();
  Feed(tcp);
  ASSERT_THAT(poller().Add(tcp.get(), kReadable, 1), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(tcp.get(), 1, kReadable)));
  ASSERT_THAT(poller().Modify(tcp.get(), kWritable, 2), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(tcp.get(), 2, kWritable)));
  ASSERT_THAT(poller().Modify(tcp.get(), kPriority, 3), IsOk());
  EXPECT_THAT(Look(), IsEmpty());
}

ISOPOLL_ON_EVERY_KIND(ReadinessTest);

}  // namespace
}  // namespace isopoll
