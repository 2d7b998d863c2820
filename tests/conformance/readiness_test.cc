// R1: Wait reports of a descriptor what select(2) would, within the interest.
// One test for each of the classic conditions.

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/unique_fd.h"
#include "poller/interest.h"
#include "poller/poller.h"
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
  return ::setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof(bytes));
}

// The pending error of a socket, which this takes.
int TakeError(int fd) {
  int error = -1;
  socklen_t length = sizeof(error);
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

// read(2) and send(2) of one byte: 0 or more, or the negated errno.
int ReadOne(int fd) {
  char byte;
  const ssize_t count = ::recv(fd, &byte, 1, MSG_DONTWAIT);
  return count < 0 ? -errno : static_cast<int>(count);
}

int SendOne(int fd) {
  const ssize_t count = ::send(fd, ".", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
  return count < 0 ? -errno : static_cast<int>(count);
}

// Readable (a).
TEST_P(ReadinessTest, ReadableWhenBytesReachTheLowWaterMark) {
  Ends tcp = NewTcp();
  ASSERT_EQ(SetLowWater(tcp.get(), 100), 0);
  Write(tcp.peer.get(), 100);
  Await(tcp.get(), POLLIN);
  ExpectReady(tcp.get(), kReadable | kWritable);
}

TEST_P(ReadinessTest, NotReadableBelowTheLowWaterMark) {
  Ends tcp = NewTcp();
  Write(tcp.peer.get(), 99);
  Await(tcp.get(), POLLIN);  // all of them arrive in one piece
  ASSERT_EQ(SetLowWater(tcp.get(), 100), 0);
  ExpectReady(tcp.get(), kWritable);
}

TEST_P(ReadinessTest, NotReadableWithoutBytes) {
  ExpectReady(NewTcp().get(), kWritable);
  ExpectReady(NewUnixSocket().get(), kWritable);
  ExpectReady(NewPipe().get(), kAlwaysOfReadEnd);
}

TEST_P(ReadinessTest, ReadableWhenAPipeHasBytes) {
  ExpectReady(NewReadablePipe().get(), kReadable | kAlwaysOfReadEnd);
}

// A zero-length datagram is something to read, and no end of file.
TEST_P(ReadinessTest, ReadableWhenAnEmptyDatagramIsThere) {
  Ends datagrams = NewUnixSocket(SOCK_DGRAM);
  ASSERT_EQ(::send(datagrams.peer.get(), "", 0, 0), 0);
  ExpectReady(datagrams.get(), kReadable | kWritable);
}

// Readable (b).
TEST_P(ReadinessTest, ReadableWhenThePeerHasFinishedSending) {
  Ends tcp = NewTcp();
  ASSERT_EQ(::shutdown(tcp.peer.get(), SHUT_WR), 0);
  Await(tcp.get(), POLLIN);
  ExpectReady(tcp.get(), kReadable | kWritable);
  EXPECT_EQ(ReadOne(tcp.get()), 0);
}

TEST_P(ReadinessTest, ReadableWhenTheWriterOfAPipeIsGone) {
  UniqueFd pipe = NewHungUpPipe();
  // A hangup is not writable.
  ExpectReady(pipe.get(), kReadable | kAlwaysOfReadEnd);
  char byte;
  EXPECT_EQ(::read(pipe.get(), &byte, 1), 0);
}

// Readable (c).
TEST_P(ReadinessTest, ReadableWhenAListenerHasACompletedConnection) {
  UniqueFd listener = NewBoundTcpSocket();
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  ExpectReady(listener.get(), kNone);
  UniqueFd client = NewConnectionTo(listener.get());
  Await(listener.get(), POLLIN);
  ExpectReady(listener.get(), kReadable);
  UniqueFd accepted(::accept(listener.get(), nullptr, nullptr));
  EXPECT_TRUE(accepted);
  ExpectReady(listener.get(), kNone);
}

// Readable (d).
TEST_P(ReadinessTest, ReadableWhenAnErrorIsPending) {
  UniqueFd tcp = NewResetTcp();
  ExpectReady(tcp.get(), kReadable | kWritable);
  EXPECT_EQ(ReadOne(tcp.get()), -ECONNRESET);

  Ends udp = NewRefusedUdp();
  ExpectReady(udp.get(), kReadable | kWritable);
  EXPECT_EQ(ReadOne(udp.get()), -ECONNREFUSED);
  ExpectReady(udp.get(), kWritable);
}

// Writable (a).
TEST_P(ReadinessTest, WritableWhenAConnectedSocketHasRoom) {
  Ends stream = NewUnixSocket();
  ExpectReady(stream.get(), kWritable);
  Fill(stream.get());
  ExpectReady(stream.get(), kNone);
  Drain(stream.peer.get());
  ExpectReady(stream.get(), kWritable);
}

TEST_P(ReadinessTest, WritableWhenAConnectionlessSocketHasRoom) {
  UniqueFd unconnected(::socket(AF_INET, SOCK_DGRAM, 0));
  ExpectReady(unconnected.get(), kWritable);

  Ends datagrams = NewUnixSocket(SOCK_DGRAM);
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
  ASSERT_EQ(::shutdown(tcp.get(), SHUT_WR), 0);
  ExpectReady(tcp.get(), kWritable);
  EXPECT_EQ(SendOne(tcp.get()), -EPIPE);

  UniqueFd stream = NewHungUpUnixSocket();
  ExpectReady(stream.get(), kReadable | kWritable);
  EXPECT_EQ(SendOne(stream.get()), -EPIPE);
}

// On Linux the writer without a reader has an error, and so is readable too.
TEST_P(ReadinessTest, WritableWhenTheReaderOfAPipeIsGone) {
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
  UniqueFd listener = NewBoundTcpSocket();
  ASSERT_EQ(::listen(listener.get(), 1), 0);
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
  Ends udp = NewRefusedUdp();
  ExpectReady(udp.get(), kReadable | kWritable);
  EXPECT_EQ(SendOne(udp.get()), -ECONNREFUSED);

  UniqueFd tcp = NewResetTcp();
  EXPECT_EQ(SendOne(tcp.get()), -ECONNRESET);
}

// Exceptional.
TEST_P(ReadinessTest, PriorityWhenOutOfBandDataIsPending) {
  Ends tcp = NewTcp();
  SendUrgent(tcp.peer.get());
  AwaitUrgent(tcp.get());
  ExpectReady(tcp.get(), kWritable | kPriority);
  char byte;
  ASSERT_EQ(::recv(tcp.get(), &byte, 1, MSG_OOB), 1);
  ExpectReady(tcp.get(), kWritable);
}

// R4: all three directions of a descriptor are one event, as ExpectReady says.
TEST_P(ReadinessTest, ReadableWritableAndPriorityTogether) {
  Ends tcp = NewTcp();
  Write(tcp.peer.get());
  SendUrgent(tcp.peer.get());
  Await(tcp.get(), POLLIN);
  AwaitUrgent(tcp.get());
  ExpectReady(tcp.get(), kAll);
}

TEST_P(ReadinessTest, NeverConnectedTcp) {
  ExpectReady(NewTcpSocket().get(), kNeverConnected);
}

TEST_P(ReadinessTest, OneWaitReportsEachDescriptorOnceWithItsOwnToken) {
  Ends readable = NewReadablePipe();
  Ends idle = NewPipe();
  Ends tcp = NewTcp();
  Write(tcp.peer.get());
  Await(tcp.get(), POLLIN);
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
    Write(pipe.peer.get());
    EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
    Drain(pipe.get());
  }
}

TEST_P(ReadinessTest, ModifyChangesWhatTheNextWaitReports) {
  Ends tcp = NewTcp();
  Write(tcp.peer.get());
  Await(tcp.get(), POLLIN);
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
