// What a server grants, refuses, drops and pays in the end, on every backend.

#include "echo/service/limits.h"

#include <sys/socket.h>

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "echo/service/server.h"
#include "gtest/gtest.h"
#include "tests/conformance/eventually.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"
#include "tests/echo/support/running_server.h"

namespace isopoll::echo {
namespace {

class LimitsTest : public EachKind {
 protected:
  // Sends to the server without reading, until it reads no more.
  static size_t Clog(RunningServer& running, Peer& peer, Token token) {
    return peer.Flood(Pattern(10007), size_t{256} << 20, [&] {
      return running.poller().HasInterest(token, kWritable) &&
             !running.poller().CanWrite(token);
    });
  }

  ServerOptions options_;
};
INSTANTIATE_TEST_SUITE_P(, LimitsTest, AllKinds(), NameOfKind);

TEST_P(LimitsTest, OneConnectionTooManyIsRefusedAtOnce) {
  options_.limits.connections = 2;
  RunningServer running(GetParam(), options_);
  running.Start();
  Peers peers = ConnectPeers(running.address(), 2);
  EXPECT_TRUE(running.poller().AwaitSize(3));
  for (int i = 0; i < 3; ++i) {
    Peer refused(running.address());
    EXPECT_EQ(refused.ReceiveAll(), "");
  }
  peers[0]->Close();
  EXPECT_TRUE(running.poller().AwaitSize(2));
  Peer welcome(running.address());
  for (Peer* peer : {peers[1].get(), &welcome}) {
    peer->Send("x");
    EXPECT_EQ(peer->Receive(1), "x");
  }
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().refused, 3);
  EXPECT_EQ(running.stats().accepted, 3);
}

TEST_P(LimitsTest, WhoIsSilentForTooLongIsDropped) {
  options_.limits.idle = absl::Milliseconds(200);
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer silent(running.address());
  Peer talker(running.address());
  // Talks until the other is gone, and for longer than it may be silent.
  const absl::Time start = absl::Now();
  while (!silent.AtEnd() || absl::Now() - start < absl::Milliseconds(300)) {
    talker.Send("x");
    ASSERT_EQ(talker.Receive(1), "x") << "dropped although it talks";
    ASSERT_LT(absl::Now() - start, absl::Seconds(30));
  }
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(199));
  EXPECT_TRUE(running.Stop().ok());
  // The talker may be idle for long enough, too, before the server stops.
  EXPECT_GE(running.stats().idle, 1);
  EXPECT_EQ(running.stats().idle + running.stats().stopped, 2);
}

TEST_P(LimitsTest, WhoTakesNothingIsDropped) {
  options_.limits.rate_window = absl::Milliseconds(300);
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer bystander(running.address());
  EXPECT_TRUE(running.poller().AwaitSize(2));
  Peer peer(running.address(), /*receive_buffer=*/4096);
  // It ends when the server drops it.
  peer.Flood(Pattern(10007), size_t{256} << 20, [] { return false; });
  EXPECT_TRUE(running.poller().AwaitSize(2));
  bystander.Send("x");
  EXPECT_EQ(bystander.Receive(1), "x");
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().slow, 1);
}

TEST_P(LimitsTest, NobodyIsReadFromWhileAllAreOwedTooMuch) {
  options_.limits.buffer_bytes = 10000;
  options_.limits.owed_bytes = 5000;
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer clogged(running.address(), /*receive_buffer=*/4096);
  EXPECT_TRUE(running.poller().AwaitSize(2));
  const size_t sent = Clog(running, clogged, 1);
  EXPECT_TRUE(running.poller().AwaitInterest(1, kWritable));

  Peer other(running.address());
  other.Send("wait for me");
  EXPECT_TRUE(running.poller().AwaitInterest(2, kNone)) << "it is read from";
  EXPECT_TRUE(other.Silent());
  // Once the first takes what it is owed, both are served.
  EXPECT_EQ(clogged.Receive(sent).size(), sent);
  EXPECT_EQ(other.Receive(11), "wait for me");
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().bytes_sent, sent + 11);
}

TEST_P(LimitsTest, StopPaysWhatIsOwedFirst) {
  options_.drain = absl::Seconds(30);
  RunningServer running(GetParam(), options_);
  running.Start();
  const Peers idle = ConnectPeers(running.address(), 3);
  Peer peer(running.address(), /*receive_buffer=*/4096);
  EXPECT_TRUE(running.poller().AwaitSize(5));
  const size_t sent = Clog(running, peer, 4);
  const size_t arrived = sent - peer.OnTheirWay();
  running.server().Stop();
  for (const auto& each : idle) EXPECT_EQ(each->ReceiveAll(), "");
  const std::string received = peer.ReceiveAllUntilClosed();
  peer.Close();  // only now does the server
  EXPECT_TRUE(running.Join().ok());
  EXPECT_EQ(running.stats().stopped, 4);
  EXPECT_GE(received.size(), arrived);
  EXPECT_EQ(received.size(), running.stats().bytes_received);
  EXPECT_EQ(running.stats().bytes_sent, running.stats().bytes_received);
}

// The server owes nothing: the kernel does, and to close would have it send a
// reset to a peer that speaks.
TEST_P(LimitsTest, StopLosesNothingThatIsOnItsWay) {
  options_.drain = absl::Seconds(30);
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer peer(running.address(), /*receive_buffer=*/4096);
  const std::string message = Pattern(40000);
  peer.Send(message);
  EXPECT_TRUE(Eventually(
      [&] { return running.server().stats().bytes_sent == message.size(); }));
  running.server().Stop();
  peer.AwaitReadable();
  peer.Send("x");
  const std::string received = peer.ReceiveAllUntilClosed();
  EXPECT_EQ(received.substr(0, message.size()), message);
  peer.Close();
  EXPECT_TRUE(running.Join().ok());
}

TEST_P(LimitsTest, StopWaitsNoLongerThanTheDrainTime) {
  options_.drain = absl::Milliseconds(100);
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer peer(running.address(), /*receive_buffer=*/4096);
  EXPECT_TRUE(running.poller().AwaitSize(2));
  Clog(running, peer, 1);
  const absl::Time start = absl::Now();
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(99));
  EXPECT_EQ(running.stats().stopped, 1);
  EXPECT_LT(running.stats().bytes_sent, running.stats().bytes_received);
}

// One who sends a stream without end does not keep the others waiting.
TEST_P(LimitsTest, ReadingOnIsFair) {
  options_.limits.buffer_bytes = 1024;
  options_.limits.read_budget = 4096;
  RunningServer running(GetParam(), options_);
  Peer stream(running.address());
  Peer other(running.address());
  stream.Send(Pattern(100000));
  other.Send("x");
  running.Start();
  EXPECT_EQ(other.Receive(1), "x");
  EXPECT_EQ(stream.Receive(100000), Pattern(100000));
  EXPECT_GE(running.poller().waits(), 100000 / 4096);
  EXPECT_TRUE(running.Stop().ok());
}

TEST_P(LimitsTest, ReadingOnSavesTurns) {
  options_.limits.buffer_bytes = 1024;
  options_.limits.read_budget = 64 * 1024;
  RunningServer running(GetParam(), options_);
  Peer stream(running.address());
  stream.Send(Pattern(60000));
  running.Start();
  EXPECT_EQ(stream.Receive(60000), Pattern(60000));
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_LE(running.stats().waits, 20) << "one read in a turn takes 60";
}

}  // namespace
}  // namespace isopoll::echo
