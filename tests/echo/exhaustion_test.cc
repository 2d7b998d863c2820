// Running out of descriptors: accepting pauses and resumes, nobody established
// is dropped, and nothing spins.
//
// The clients connect before the limit is lowered: the kernel completes their
// connections, and only the server needs further descriptors.

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "echo/service/observer.h"
#include "gtest/gtest.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"
#include "tests/echo/support/running_server.h"
#include "tests/support/descriptor_limit.h"

namespace isopoll::echo {
namespace {

void ExpectEcho(Peer& peer, absl::string_view data) {
  peer.Send(data);
  EXPECT_EQ(peer.Receive(data.size()), data);
}

// Counts what it is told. With a peer, it also gives the server something to
// read whenever it is about to wait.
class Watcher : public ServerObserver {
 public:
  void OnWaiting() override {
    if (busy_peer == nullptr) return;
    if (!busy_peer->Silent()) busy_peer->Receive(1);
    busy_peer->Send("x");
  }
  void OnAcceptPaused(const absl::Status& because) override {
    ++paused;
    EXPECT_TRUE(absl::IsResourceExhausted(because)) << because;
  }
  void OnAcceptResumed() override { ++resumed; }

  Peer* busy_peer = nullptr;
  int paused = 0;
  int resumed = 0;
};

class ExhaustionTest : public EachKind {
 protected:
  // A rehearsal, of all types of objects, with descriptors to spare: when UBSan
  // first sees an object of a type, it needs two for a pipe, and takes their
  // lack for a bad object.
  void SetUp() override {
    if (!tests::CanLimitDescriptors()) {
      GTEST_SKIP() << "Windows: descriptors do not run out";
    }
    Watcher watcher;
    ServerOptions options;
    options.accept_retry = absl::Milliseconds(1);
    options.observer = &watcher;
    RunningServer running(GetParam(), options);
    running.Start();
    EXPECT_TRUE(running.poller().AwaitSize(1));
    running.poller().FailNextAdd(absl::ResourceExhaustedError("rehearsal"));
    Peer refused(running.address());
    EXPECT_EQ(refused.ReceiveAll(), "");
    Peer served(running.address());
    ExpectEcho(served, "x");
  }
};

INSTANTIATE_TEST_SUITE_P(, ExhaustionTest, AllKinds(), NameOfKind);

// So long that only a closed connection can be what resumes accepting.
ServerOptions NeverRetry() {
  ServerOptions options;
  options.accept_retry = absl::Hours(1);
  return options;
}

TEST_P(ExhaustionTest, EstablishedKeepWorkingAndNothingSpins) {
  RunningServer running(GetParam(), NeverRetry());
  Peers peers = ConnectPeers(running.address(), 8);
  for (const std::unique_ptr<Peer>& peer : peers) peer->Send("first");
  tests::ScopedDescriptorLimit limit(tests::LowestFreeFd() + 3);
  running.Start();
  EXPECT_TRUE(running.poller().AwaitInterest(0, kNone)) << "it does not pause";
  EXPECT_EQ(running.poller().size(), 4);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(peers[i]->Receive(5), "first");
  const uint64_t waits = running.poller().waits();
  for (int i = 0; i < 200; ++i) ExpectEcho(*peers[i % 3], "x");
  EXPECT_LE(running.poller().waits() - waits, 205);
  for (int i = 3; i < 8; ++i) EXPECT_TRUE(peers[i]->Silent());
}

TEST_P(ExhaustionTest, WhoWaitsIsServedInTurnWhenOthersLeave) {
  RunningServer running(GetParam(), NeverRetry());
  Peers peers = ConnectPeers(running.address(), 8);
  for (const std::unique_ptr<Peer>& peer : peers) peer->Send("first");
  tests::ScopedDescriptorLimit limit(tests::LowestFreeFd() + 3);
  running.Start();
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(peers[i]->Receive(5), "first") << "peer " << i;
    ExpectEcho(*peers[i], "second");
    peers[i]->FinishSending();
    EXPECT_EQ(peers[i]->ReceiveAll(), "");
  }
  EXPECT_TRUE(running.poller().AwaitSize(1));
  EXPECT_TRUE(running.poller().AwaitInterest(0, kReadable));
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(ToString(running.stats()),
            "accepted 8 finished 8 reset 0 failed 0 stopped 0 received 88 "
            "sent 88");
  EXPECT_GE(running.stats().accept_pauses, 1);
}

TEST_P(ExhaustionTest, AResetMakesRoomAsWell) {
  RunningServer running(GetParam(), NeverRetry());
  Peers peers = ConnectPeers(running.address(), 2);
  tests::ScopedDescriptorLimit limit(tests::LowestFreeFd() + 1);
  running.Start();
  ExpectEcho(*peers[0], "x");
  EXPECT_TRUE(running.poller().AwaitInterest(0, kNone));
  peers[0]->Reset();
  ExpectEcho(*peers[1], "x");
}

// Nobody of ours can leave and make room: the server has to look by itself,
// now and then.
TEST_P(ExhaustionTest, TriesAgainWhenNoConnectionIsLeftToClose) {
  constexpr absl::Duration kRetry = absl::Milliseconds(20);
  Watcher watcher;
  ServerOptions options;
  options.accept_retry = kRetry;
  options.observer = &watcher;
  RunningServer running(GetParam(), options);
  Peer peer(running.address());
  peer.Send("hello");
  {
    tests::ScopedDescriptorLimit limit(tests::LowestFreeFd());
    const absl::Time start = absl::Now();
    running.Start();
    EXPECT_TRUE(running.poller().AwaitWaits(10)) << "it does not try again";
    const uint64_t waits = running.poller().waits();
    const double retries = absl::FDivDuration(absl::Now() - start, kRetry);
    // One Wait ends because the time is up, one because somebody is there.
    EXPECT_LE(waits, 2 * retries + 4) << "it spins";
    EXPECT_TRUE(peer.Silent());
  }
  EXPECT_EQ(peer.Receive(5), "hello");
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(watcher.paused, 1) << "told more than once";
  EXPECT_EQ(watcher.resumed, 1);
}

// A retry that is due must not have to wait until nothing else is ready.
TEST_P(ExhaustionTest, TriesAgainWhileOthersKeepTheServerBusy) {
  Watcher watcher;
  ServerOptions options;
  options.accept_retry = absl::Milliseconds(20);
  options.observer = &watcher;
  RunningServer running(GetParam(), options);
  Peers peers = ConnectPeers(running.address(), 2);
  watcher.busy_peer = peers[0].get();
  std::optional<tests::ScopedDescriptorLimit> limit(std::in_place,
                                                    tests::LowestFreeFd() + 1);
  running.Start();
  EXPECT_TRUE(running.poller().AwaitInterest(0, kNone));
  limit.reset();
  ExpectEcho(*peers[1], "me too");
  EXPECT_TRUE(running.Stop().ok());
}

}  // namespace
}  // namespace isopoll::echo
