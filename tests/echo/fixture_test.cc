// What a test of clients asks of a server, and the options of its sockets, on
// every backend.

#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "echo/service/options.h"
#include "gtest/gtest.h"
#include "net/internal/sys.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"
#include "tests/echo/support/running_server.h"

namespace isopoll::echo {
namespace {

class FixtureTest : public EachKind {
 protected:
  ServerOptions options_;
};
INSTANTIATE_TEST_SUITE_P(, FixtureTest, AllKinds(), NameOfKind);

TEST_P(FixtureTest, DelaysEachPiece) {
  options_.delay = absl::Milliseconds(100);
  options_.idle_timeout = absl::Seconds(20);
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer peer(running.address());
  for (const char* piece : {"one", "two"}) {
    const absl::Time start = absl::Now();
    peer.Send(piece);
    EXPECT_EQ(peer.Receive(3), piece);
    EXPECT_GE(absl::Now() - start, absl::Milliseconds(99));
  }
  peer.Send("three");
  peer.FinishSending();
  EXPECT_EQ(peer.ReceiveAll(), "three");
}

// What waits for its time is sent before the end.
TEST_P(FixtureTest, StopAwaitsTheDelay) {
  options_.delay = absl::Milliseconds(300);
  options_.drain_timeout = absl::Seconds(30);
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer peer(running.address());
  peer.Send("late");
  EXPECT_TRUE(running.poller().AwaitInterest(1, kNone));
  running.server().Stop();
  EXPECT_EQ(peer.ReceiveAll(), "late");
  peer.Close();
  EXPECT_TRUE(running.Join().ok());
}

TEST_P(FixtureTest, ResetsAConnectionAfterSoManyBytes) {
  options_.reset_after = 10;
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer peer(running.address());
  peer.Send("0123");
  EXPECT_EQ(peer.Receive(4), "0123");
  peer.Send("456789and more");
  EXPECT_EQ(peer.ReceiveAllUntilClosed(), "456789");
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().reset, 1);
  EXPECT_EQ(running.stats().bytes_sent, 10);
}

TEST_P(FixtureTest, SaysNothing) {
  options_.silent = true;
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer peer(running.address());
  peer.Send(Pattern(100000));
  peer.FinishSending();
  EXPECT_EQ(peer.ReceiveAll(), "");
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().bytes_received, 100000);
  EXPECT_EQ(running.stats().finished, 1);
}

int Get(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof(value);
  EXPECT_EQ(sys::GetSockOpt(fd, level, name, &value, &size), 0);
  return value;
}

TEST_P(FixtureTest, ItsSocketsDoNotWaitForAcknowledgements) {
  options_.socket.send_buffer_bytes = 20000;
  options_.socket.receive_buffer_bytes = 30000;
  RunningServer running(GetParam(), options_);
  running.Start();
  const Peer peer(running.address());
  ASSERT_TRUE(running.poller().AwaitSize(2));
  const int fd = running.poller().FdOf(1);
  EXPECT_NE(Get(fd, IPPROTO_TCP, TCP_NODELAY), 0);
  EXPECT_LE(Get(fd, SOL_SOCKET, SO_SNDBUF), 40000);
  EXPECT_LE(Get(fd, SOL_SOCKET, SO_RCVBUF), 60000);
}

}  // namespace
}  // namespace isopoll::echo
