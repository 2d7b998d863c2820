// The echo server against clients friendly and hostile, on every backend.

#include "echo/service/server.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"
#include "tests/echo/support/running_server.h"
#include "tests/net/testing.h"

namespace isopoll::echo {
namespace {

class ServerTest : public EachKind {};
INSTANTIATE_TEST_SUITE_P(, ServerTest, AllKinds(), NameOfKind);

TEST_P(ServerTest, EchoesToAFriendlyClient) {
  RunningServer running(GetParam());
  running.Start();
  Peer peer(running.address());
  peer.Send("hello");
  EXPECT_EQ(peer.Receive(5), "hello");
  peer.Send(" again");
  EXPECT_EQ(peer.Receive(6), " again");
  peer.FinishSending();
  EXPECT_EQ(peer.ReceiveAll(), "");
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(ToString(running.stats()),
            "accepted 1 finished 1 reset 0 failed 0 stopped 0 received 11 "
            "sent 11");
}

TEST_P(ServerTest, EchoesEachByteOfAClientThatSendsThemOneByOne) {
  RunningServer running(GetParam());
  running.Start();
  Peer peer(running.address());
  const std::string data = Pattern(200);
  for (const char& byte : data) {
    peer.Send({&byte, 1});
    ASSERT_EQ(peer.Receive(1), std::string(1, byte));
  }
  peer.FinishSending();
  EXPECT_EQ(peer.ReceiveAll(), "");
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().bytes_sent, data.size());
}

TEST_P(ServerTest, ServesManyClientsAtOnce) {
  RunningServer running(GetParam());
  running.Start();
  const Peers peers = ConnectPeers(running.address(), 50);
  for (int i = 0; i < 50; ++i) peers[i]->Send(absl::StrCat("I am number ", i));
  for (int i = 49; i >= 0; --i) {
    const std::string expected = absl::StrCat("I am number ", i);
    EXPECT_EQ(peers[i]->Receive(expected.size()), expected);
  }
}

// Sends to a server that does not read, and does not read what comes back.
struct Flooded {
  Flooded(RunningServer& running, absl::string_view pattern)
      : peer(running.address(), /*receive_buffer=*/4096),
        sent(peer.Flood(pattern, kLimit, [&] {
          // Neither side's socket has room, and the server wants no more.
          return running.poller().HasInterest(1, kWritable) &&
                 !running.poller().CanWrite(1);
        })) {}

  // What came back is what was sent.
  void Check(const std::string& echoed, absl::string_view pattern) const {
    ASSERT_EQ(echoed.size(), sent);
    for (size_t i = 0; i < sent; i += pattern.size()) {
      const size_t size = std::min(pattern.size(), sent - i);
      ASSERT_TRUE(absl::string_view(echoed).substr(i, size) ==
                  pattern.substr(0, size))
          << "a byte between " << i << " and " << i + size << " is wrong";
    }
  }

  // More than kernels keep for two sockets.
  static constexpr size_t kLimit = size_t{256} << 20;

  Peer peer;
  size_t sent;
};

TEST_P(ServerTest, StopsReadingFromAPeerThatDoesNotRead) {
  ServerOptions options;
  options.buffer_bytes = 10000;
  RunningServer running(GetParam(), options);
  running.Start();
  const std::string pattern = Pattern(100003);
  Flooded flooded(running, pattern);
  EXPECT_LT(flooded.sent, Flooded::kLimit) << "the server reads on and on";
  EXPECT_TRUE(running.poller().AwaitInterest(1, kWritable));

  // Nobody else suffers, and the clogged connection causes no turn.
  const uint64_t waits = running.poller().waits();
  Peer other(running.address());
  for (int i = 0; i < 200; ++i) {
    other.Send("x");
    ASSERT_EQ(other.Receive(1), "x");
  }
  EXPECT_LE(running.poller().waits() - waits, 250);

  flooded.peer.FinishSending();
  flooded.Check(flooded.peer.ReceiveAll(), pattern);
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().most_pending, options.buffer_bytes);
  EXPECT_EQ(running.stats().finished, 1);
  EXPECT_EQ(running.stats().bytes_sent, flooded.sent + 200);
}

TEST_P(ServerTest, ReadsAgainWhenAPeerReadsAgain) {
  ServerOptions options;
  options.buffer_bytes = 1000;
  RunningServer running(GetParam(), options);
  running.Start();
  const std::string pattern = Pattern(10007);
  Flooded flooded(running, pattern);
  flooded.Check(flooded.peer.Receive(flooded.sent), pattern);
  EXPECT_TRUE(running.poller().AwaitInterest(1, kReadable));
  flooded.peer.Send("and on");
  EXPECT_EQ(flooded.peer.Receive(6), "and on");
}

TEST_P(ServerTest, SendsAllThatIsPendingAfterAHalfClose) {
  RunningServer running(GetParam());
  running.Start();
  Peer peer(running.address(), /*receive_buffer=*/4096);
  const std::string data = Pattern(150000);
  peer.Send(data);
  peer.FinishSending();
  EXPECT_TRUE(peer.ReceiveAll() == data);
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(ToString(running.stats()),
            "accepted 1 finished 1 reset 0 failed 0 stopped 0 received 150000 "
            "sent 150000");
}

TEST_P(ServerTest, EndsAConnectionThatWasResetAndNoOther) {
  RunningServer running(GetParam());
  running.Start();
  Peer bystander(running.address());
  EXPECT_TRUE(running.poller().AwaitSize(2));
  Peer peer(running.address());
  peer.Send("abc");
  EXPECT_EQ(peer.Receive(3), "abc");
  peer.Send("de");
  peer.AwaitReadable();
  peer.Reset();
  EXPECT_TRUE(running.poller().AwaitSize(2));
  bystander.Send("still here");
  EXPECT_EQ(bystander.Receive(10), "still here");
  EXPECT_TRUE(running.Stop().ok());
  if (OnWine()) GTEST_SKIP() << kWineTakesResets;
  EXPECT_EQ(ToString(running.stats()),
            "accepted 2 finished 0 reset 1 failed 0 stopped 1 received 15 "
            "sent 15");
}

TEST_P(ServerTest, EndsAConnectionThatIsResetWhileBytesArePending) {
  RunningServer running(GetParam());
  running.Start();
  Flooded flooded(running, Pattern(5000));
  EXPECT_TRUE(running.poller().AwaitInterest(1, kWritable));
  flooded.peer.Reset();
  EXPECT_TRUE(running.poller().AwaitSize(1)) << "the connection is not closed";
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().reset, 1);
}

TEST_P(ServerTest, SilentClientsCostNothingAndStay) {
  RunningServer running(GetParam());
  running.Start();
  const Peers silent = ConnectPeers(running.address(), 50);
  EXPECT_TRUE(running.poller().AwaitSize(51));
  const uint64_t waits = running.poller().waits();
  Peer talker(running.address());
  for (int i = 0; i < 200; ++i) {
    talker.Send("x");
    ASSERT_EQ(talker.Receive(1), "x");
  }
  EXPECT_LE(running.poller().waits() - waits, 210);
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().stopped, 51);
  for (const std::unique_ptr<Peer>& peer : silent) {
    EXPECT_EQ(peer->ReceiveAll(), "");
  }
}

TEST_P(ServerTest, SurvivesClientsThatComeAndGo) {
  RunningServer running(GetParam());
  running.Start();
  for (int i = 0; i < 100; ++i) {
    Peer leaves_at_once(running.address());
    Peer resets_at_once(running.address());
    resets_at_once.Reset();
    Peer talks(running.address());
    talks.Send("hello");
    ASSERT_EQ(talks.Receive(5), "hello");
  }
  EXPECT_TRUE(running.poller().AwaitSize(1)) << "connections leak";
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().failed, 0);
  if (OnWine()) GTEST_SKIP() << kWineTakesResets;
  EXPECT_EQ(running.stats().finished, 200);
}

TEST_P(ServerTest, TakesSeveralConnectionsInOneTurn) {
  RunningServer running(GetParam());
  const Peers peers = ConnectPeers(running.address(), 10);
  running.Start();
  EXPECT_TRUE(running.poller().AwaitSize(11));
  EXPECT_EQ(running.poller().waits_when_added(1), 1);
  EXPECT_EQ(running.poller().waits_when_added(10), 1);
}

TEST_P(ServerTest, ServesTheEstablishedWhileManyAreWaiting) {
  RunningServer running(GetParam());
  const Peers peers = ConnectPeers(running.address(), 200);
  running.Start();
  EXPECT_TRUE(running.poller().AwaitSize(201));
  EXPECT_GE(running.poller().waits_when_added(200), 3)
      << "the listener had it all to itself";
}

TEST_P(ServerTest, StopBeforeRunIsNotForgotten) {
  RunningServer running(GetParam());
  running.server().Stop();
  running.Start();
  EXPECT_TRUE(running.Join().ok());
}

TEST_P(ServerTest, StopMayBeCalledTwice) {
  RunningServer running(GetParam());
  running.Start();
  running.server().Stop();
  EXPECT_TRUE(running.Stop().ok());
}

TEST_P(ServerTest, StopEndsConnectionsWithBytesPending) {
  RunningServer running(GetParam());
  running.Start();
  Flooded flooded(running, Pattern(5000));
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().stopped, 1);
}

TEST_P(ServerTest, AnErrorOfThePollerEndsRun) {
  RunningServer running(GetParam());
  running.poller().FailNextWait(absl::InternalError("no waiting today"));
  running.Start();
  const absl::Status status = running.Join();
  EXPECT_EQ(status, absl::InternalError("no waiting today"));
}

TEST_P(ServerTest, APeerThatCannotBeRegisteredIsTheOnlyOneToSuffer) {
  RunningServer running(GetParam());
  running.Start();
  Peer first(running.address());
  EXPECT_TRUE(running.poller().AwaitSize(2));
  running.poller().FailNextAdd(absl::InternalError("not you"));
  Peer refused(running.address());
  EXPECT_EQ(refused.ReceiveAll(), "");
  Peer third(running.address());
  for (Peer* peer : {&first, &third}) {
    peer->Send("x");
    EXPECT_EQ(peer->Receive(1), "x");
  }
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().failed, 1);
  EXPECT_EQ(running.stats().accept_pauses, 0);
}

TEST_P(ServerTest, PausesWhenThePollerHasNoRoomAndTriesAgain) {
  ServerOptions options;
  options.accept_retry = absl::Milliseconds(10);
  RunningServer running(GetParam(), options);
  running.Start();
  EXPECT_TRUE(running.poller().AwaitSize(1));
  running.poller().FailNextAdd(absl::ResourceExhaustedError("full"));
  Peer refused(running.address());
  EXPECT_EQ(refused.ReceiveAll(), "");
  Peer next(running.address());
  next.Send("x");
  EXPECT_EQ(next.Receive(1), "x");
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().accept_pauses, 1);
}

TEST_P(ServerTest, APeerThatCannotBeModifiedIsTheOnlyOneToSuffer) {
  RunningServer running(GetParam());
  running.Start();
  Peer bystander(running.address());
  EXPECT_TRUE(running.poller().AwaitSize(2));
  running.poller().FailNextModify(absl::InternalError("no change"));
  Peer victim(running.address(), /*receive_buffer=*/4096);
  // Sooner or later something stays pending, which needs another interest.
  const size_t sent = victim.Flood(Pattern(5000), Flooded::kLimit,
                                   /*enough=*/[] { return false; });
  EXPECT_LT(sent, Flooded::kLimit);
  EXPECT_TRUE(running.poller().AwaitSize(2));
  bystander.Send("x");
  EXPECT_EQ(bystander.Receive(1), "x");
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().failed, 1);
}

TEST(ServerOptionsTest, AreChecked) {
  const auto create = [](const ServerOptions& options) {
    const std::unique_ptr<Poller> poller = *Poller::Create();
    return Server::Create(*poller, options).status().code();
  };
  ServerOptions options;
  EXPECT_EQ(create(options), absl::StatusCode::kOk);
  options.buffer_bytes = 0;
  EXPECT_EQ(create(options), absl::StatusCode::kInvalidArgument);
  options.buffer_bytes = (64 << 20) + 1;
  EXPECT_EQ(create(options), absl::StatusCode::kInvalidArgument);
  options.buffer_bytes = 64 << 20;
  EXPECT_EQ(create(options), absl::StatusCode::kOk);
  options.accept_retry = absl::ZeroDuration();
  EXPECT_EQ(create(options), absl::StatusCode::kInvalidArgument);
}

TEST(ServerSocketTest, MustBeOne) {
  const std::unique_ptr<Poller> poller = *Poller::Create();
  const std::unique_ptr<Server> server = *Server::Create(*poller);
  EXPECT_FALSE(server->Add(UniqueFd()).ok());
}

}  // namespace
}  // namespace isopoll::echo
