// What a server grants, refuses and drops, and what it does in the end, on
// every backend.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "echo/loop/timers.h"
#include "echo/service/observer.h"
#include "echo/service/options.h"
#include "echo/service/server.h"
#include "gtest/gtest.h"
#include "isopoll/net/transfer.h"
#include "tests/conformance/eventually.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"
#include "tests/echo/support/running_server.h"
#include "tests/support/poller_kind.h"

namespace isopoll::echo {
namespace {

// Of bytes that cannot all have arrived.
#define SKIP_IF_NOT_TOLD(on_their_way) \
  if ((on_their_way) == 0) GTEST_SKIP() << "this system does not count them"

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
  options_.max_connections = 2;
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
  options_.idle_timeout = absl::Milliseconds(200);
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

// Until something is due, that is: at most once for the timer that a byte from
// the peer has made too early.
TEST(IdleTest, NothingWakesAServerOnAnyBackend) {
  ServerOptions options;
  options.idle_timeout = absl::Hours(1);
  std::vector<std::unique_ptr<RunningServer>> servers;
  std::vector<std::unique_ptr<Ticker>> statistics;
  Peers peers;
  std::vector<uint64_t> waits;
  for (const tests::PollerKind& kind : tests::AllKinds()) {
    servers.push_back(std::make_unique<RunningServer>(kind, options));
    RunningServer& running = *servers.back();
    statistics.push_back(std::make_unique<Ticker>(
        running.server().reactor().timers(), absl::Hours(1), [] {}));
    running.Start();
    peers.push_back(std::make_unique<Peer>(running.address()));
    peers.back()->Send("x");
    EXPECT_EQ(peers.back()->Receive(1), "x");
    waits.push_back(running.poller().waits());
  }
  absl::SleepFor(absl::Milliseconds(2500));
  for (size_t i = 0; i < servers.size(); ++i) {
    EXPECT_LE(servers[i]->poller().waits() - waits[i], 1) << "kind " << i;
  }
  for (const auto& running : servers) EXPECT_TRUE(running->Stop().ok());
}

TEST_P(LimitsTest, WhoTakesNothingIsDropped) {
  options_.idle_timeout = absl::Milliseconds(400);
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer peer(running.address(), /*receive_buffer=*/4096);
  // It ends when the server drops it.
  peer.Flood(Pattern(10007), size_t{256} << 20, [] { return false; });
  EXPECT_TRUE(running.poller().AwaitSize(1));
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().idle, 1);
}

// The kernel makes room for more in lumps: for a long time it takes nothing,
// and yet the peer takes what the kernel has.
TEST_P(LimitsTest, WhoTakesWhatTheKernelHasIsNotDropped) {
  options_.idle_timeout = absl::Seconds(1);
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer peer(running.address(), /*receive_buffer=*/4096);
  EXPECT_TRUE(running.poller().AwaitSize(2));
  Clog(running, peer, 1);
  SKIP_IF_NOT_TOLD(peer.OnTheirWay());
  const uint64_t before = running.server().stats().bytes_sent;
  const absl::Time start = absl::Now();
  while (absl::Now() - start < absl::Milliseconds(2500)) {
    ASSERT_EQ(peer.Receive(2000).size(), 2000u) << "dropped";
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_EQ(running.server().stats().bytes_sent, before)
      << "the kernel took more meanwhile: this shows nothing";
  EXPECT_EQ(running.server().stats().idle, 0);
  EXPECT_TRUE(running.Stop().ok());
}

TEST_P(LimitsTest, StopSendsWhatIsPendingFirst) {
  options_.drain_timeout = absl::Seconds(30);
  RunningServer running(GetParam(), options_);
  running.Start();
  const Peers idle = ConnectPeers(running.address(), 3);
  Peer peer(running.address(), /*receive_buffer=*/4096);
  EXPECT_TRUE(running.poller().AwaitSize(5));
  const size_t sent = Clog(running, peer, 4);
  SKIP_IF_NOT_TOLD(peer.OnTheirWay());
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

// The server has nothing left to send, but the kernel has, and to close would
// have it send a reset to a peer that speaks.
TEST_P(LimitsTest, StopLosesNothingThatIsOnItsWay) {
  options_.drain_timeout = absl::Seconds(30);
  RunningServer running(GetParam(), options_);
  running.Start();
  Peer peer(running.address(), /*receive_buffer=*/4096);
  const std::string message = Pattern(40000);
  peer.Send(message);
  EXPECT_TRUE(Eventually(
      [&] { return running.server().stats().bytes_sent == message.size(); }));
  SKIP_IF_NOT_TOLD(BytesUnsent(running.poller().FdOf(1)));
  running.server().Stop();
  peer.AwaitReadable();
  peer.Send("x");
  const std::string received = peer.ReceiveAllUntilClosed();
  EXPECT_EQ(received.substr(0, message.size()), message);
  peer.Close();
  EXPECT_TRUE(running.Join().ok());
}

// Their connections are complete, and they may have said what they have to say.
TEST_P(LimitsTest, StopServesThoseWhoWaitInTheQueue) {
  options_.drain_timeout = absl::Seconds(30);
  RunningServer running(GetParam(), options_);
  Peers peers = ConnectPeers(running.address(), 200);
  for (const auto& peer : peers) peer->Send("hello");
  running.server().Stop();
  running.Start();
  for (const auto& peer : peers) {
    EXPECT_EQ(peer->ReceiveAll(), "hello");
    peer->Close();
  }
  EXPECT_TRUE(running.Join().ok());
  EXPECT_EQ(running.stats().accepted, 200);
}

TEST_P(LimitsTest, StopWaitsNoLongerThanTheDrainTime) {
  options_.drain_timeout = absl::Milliseconds(100);
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

// Sends another byte for each that the server receives, before it can look
// whether there is more.
class Feeder : public ServerObserver {
 public:
  void OnWaiting() override { received_ = 0; }
  void OnReceived(uint64_t, absl::string_view) override {
    most_ = std::max(most_, ++received_);
    if (peer != nullptr && ++sent_ < 1000) peer->Send("x");
  }
  // The most often that something was received in one turn.
  int most() const { return most_; }

  Peer* peer = nullptr;

 private:
  int sent_ = 0;
  int received_ = 0;
  int most_ = 0;
};

TEST_P(LimitsTest, OneConnectionIsReadOnceInATurn) {
  Feeder feeder;
  options_.observer = &feeder;
  RunningServer running(GetParam(), options_);
  Peer peer(running.address());
  feeder.peer = &peer;
  peer.Send("x");
  running.Start();
  EXPECT_EQ(peer.Receive(1000).size(), 1000u);
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(feeder.most(), 1) << "the others had no turn";
}

TEST_P(LimitsTest, AStreamGetsOneBufferInATurn) {
  options_.buffer_bytes = 1024;
  RunningServer running(GetParam(), options_);
  Peer stream(running.address());
  Peer other(running.address());
  stream.Send(Pattern(100000));
  other.Send("x");
  running.Start();
  EXPECT_EQ(other.Receive(1), "x");
  EXPECT_EQ(stream.Receive(100000), Pattern(100000));
  EXPECT_GE(running.poller().waits(), 100000 / 1024);
  EXPECT_TRUE(running.Stop().ok());
}

}  // namespace
}  // namespace isopoll::echo
