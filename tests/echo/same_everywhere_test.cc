// The same clients, friendly and hostile, on every backend and transport: what
// the server sees and counts must be the same, byte for byte.

#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "echo/service/server.h"
#include "echo/system.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/net/datagram.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "net/internal/sys.h"
#include "tests/echo/support/peer.h"
#include "tests/echo/support/running_server.h"
#include "tests/net/testing.h"
#include "tests/support/descriptor_limit.h"
#include "tests/support/poller_kind.h"

namespace isopoll::echo {
namespace {

// What one client does. Each waits for the server wherever it could otherwise
// be a matter of chance what the server sees.
struct Script {
  std::string name;
  std::function<void(Peer& peer)> play;
};

void Friendly(Peer& peer) {
  for (const absl::string_view message :
       {"This is the message 0", "It will be sent 1", "in parts 2"}) {
    peer.Send(message);
    EXPECT_EQ(peer.Receive(message.size()), message);
  }
  peer.FinishSending();
  EXPECT_EQ(peer.ReceiveAll(), "");
}

void HalfCloseWithDataPending(Peer& peer) {
  const std::string data = Pattern(150000);
  peer.Send(data);
  peer.FinishSending();
  EXPECT_TRUE(peer.ReceiveAll() == data);
}

void OneByteAtATime(Peer& peer) {
  const std::string data = Pattern(300);
  for (const char& byte : data) peer.Send({&byte, 1});
  EXPECT_EQ(peer.Receive(data.size()), data);
  peer.Close();
}

void ResetMidMessage(Peer& peer) {
  peer.Send("half a mess");
  peer.AwaitReadable();
  peer.Reset();
}

void LeaveAtOnce(Peer& peer) { peer.Close(); }

void ResetAtOnce(Peer& peer) { peer.Reset(); }

void SayNothing(Peer& peer) { EXPECT_TRUE(peer.Silent()); }

// RFC 862: any data received is sent back. An urgent byte is data.
void OutOfBand(Peer& peer) {
  peer.Send("before");
  EXPECT_EQ(peer.Receive(6), "before");
  peer.SendOutOfBand('!');
  peer.Send("after");
  EXPECT_EQ(peer.Receive(6), "!after");
  peer.FinishSending();
  EXPECT_EQ(peer.ReceiveAll(), "");
}

std::vector<Script> Scripts(absl::string_view transport) {
  std::vector<Script> scripts = {
      {"friendly", Friendly},
      {"half-close with data pending", HalfCloseWithDataPending},
      {"leave at once", LeaveAtOnce},
      {"one byte at a time", OneByteAtATime},
      {"silent", SayNothing},
  };
  if (!OnWine()) {  // kWineTakesResets
    scripts.push_back({"reset at once", ResetAtOnce});
    scripts.push_back({"reset mid-message", ResetMidMessage});
  }
  if (transport != "unix") scripts.push_back({"out-of-band byte", OutOfBand});
  return scripts;
}

std::string EndpointOf(absl::string_view transport,
                       const ScratchDirectory& scratch) {
  if (transport == "tcp4") return "tcp:127.0.0.1:0";
  if (transport == "tcp6") return "tcp:[::1]:0";
  if (transport == "udp4") return "udp:127.0.0.1:0";
  if (transport == "udp6") return "udp:[::1]:0";
  return absl::StrCat(transport, ":", scratch.Path("s"));
}

// Everything that was said, and counted.
std::string Story(RunningServer& running) {
  EXPECT_TRUE(running.Stop().ok());
  return absl::StrCat(running.transcript().ToString(),
                      ToString(running.stats()), "\n");
}

// Plays every script, and the other way round once more, on connections that
// are all open at the same time.
std::string PlayScripts(const tests::PollerKind& kind,
                        const std::string& transport) {
  const ScratchDirectory scratch;
  const std::vector<Script> scripts = Scripts(transport);
  ServerOptions options;
  options.buffer_bytes = 1000;
  RunningServer running(kind, options, EndpointOf(transport, scratch));
  Peers peers;
  for (const char* round : {"first: ", "second: "}) {
    for (const Script& script : scripts) {
      peers.push_back(std::make_unique<Peer>(running.address(),
                                             /*receive_buffer=*/4096));
      running.transcript().Name(peers.back()->local(),
                                absl::StrCat(round, script.name));
    }
  }
  running.Start();
  EXPECT_TRUE(running.poller().AwaitSize(1 + peers.size()));
  for (size_t i = 0; i < scripts.size(); ++i) scripts[i].play(*peers[i]);
  for (size_t i = scripts.size(); i-- > 0;) {
    scripts[i].play(*peers[scripts.size() + i]);
  }
  // Only the listener and the silent ones are left.
  EXPECT_TRUE(running.poller().AwaitSize(3));
  return Story(running);
}

// Descriptors run out while there are clients, and come back.
std::string PlayExhaustion(const tests::PollerKind& kind,
                           const std::string& transport) {
  const ScratchDirectory scratch;
  ServerOptions options;
  options.accept_retry = absl::Milliseconds(5);
  RunningServer running(kind, options, EndpointOf(transport, scratch));
  running.Start();
  Peers peers = ConnectPeers(running.address(), 3);
  EXPECT_TRUE(running.poller().AwaitSize(4));
  for (int i = 0; i < 5; ++i) {
    peers.push_back(std::make_unique<Peer>(running.address()));
  }
  EXPECT_TRUE(running.poller().AwaitSize(9));
  Peers late(4);
  for (auto& peer : late) {
    peer = std::make_unique<Peer>(running.address(), Peer::Unconnected());
  }
  {
    const tests::ScopedDescriptorLimit limit(tests::LowestFreeFd());
    for (const auto& peer : late) peer->Connect(running.address());
    EXPECT_TRUE(running.poller().AwaitInterest(0, kNone));
    for (const auto& peer : peers) {
      peer->Send("still here");
      EXPECT_EQ(peer->Receive(10), "still here");
    }
    for (const auto& peer : late) EXPECT_TRUE(peer->Silent());
  }
  for (const auto& peer : late) {
    peer->Send("at last");
    EXPECT_EQ(peer->Receive(7), "at last");
    peer->FinishSending();
    EXPECT_EQ(peer->ReceiveAll(), "");
  }
  for (size_t i = 0; i < peers.size(); ++i) {
    running.transcript().Name(peers[i]->local(), absl::StrCat("early ", i));
    running.transcript().Name(late[i % 4]->local(),
                              absl::StrCat("late ", i % 4));
  }
  EXPECT_TRUE(running.poller().AwaitSize(9));
  return Story(running);
}

// A thousand connect at once; some leave, some break off, some say a word.
std::string PlayCrowd(const tests::PollerKind& kind,
                      const std::string& transport) {
  constexpr int kCrowd = 999;
  RaiseDescriptorLimit();
  const ScratchDirectory scratch;
  RunningServer running(kind, {}, EndpointOf(transport, scratch));
  const Peers peers = ConnectPeers(running.address(), kCrowd);
  running.Start();
  EXPECT_TRUE(running.poller().AwaitSize(1 + kCrowd));
  for (int i = 0; i < kCrowd; i += 3) {
    peers[i]->Close();
    OnWine() ? peers[i + 1]->Close() : peers[i + 1]->Reset();
    peers[i + 2]->Send("a word");
  }
  for (int i = 2; i < kCrowd; i += 3) {
    EXPECT_EQ(peers[i]->Receive(6), "a word");
    peers[i]->Close();
  }
  EXPECT_TRUE(running.poller().AwaitSize(1)) << "connections leak";
  EXPECT_TRUE(running.Stop().ok());
  return ToString(running.stats());
}

// A client of the datagram service.
class DatagramPeer {
 public:
  DatagramPeer(RunningServer& running, const std::string& name)
      : fd_(*ConnectDatagram(running.address())) {
    running.transcript().Name(*LocalAddress(fd_.get()), name);
  }
  void Send(absl::string_view data) {
    EXPECT_TRUE(Await(fd_.get(), POLLOUT));
    EXPECT_EQ(*SendDatagram(fd_.get(), data), Sent::kYes);
  }
  std::string Receive() {
    EXPECT_TRUE(Await(fd_.get(), POLLIN));
    std::string data(1 << 17, '\0');
    const auto datagram =
        *ReceiveDatagram(fd_.get(), absl::MakeSpan(&data[0], data.size()));
    data.resize(datagram.has_value() ? datagram->bytes : 0);
    return data;
  }
  void Close() { fd_.reset(); }

 private:
  UniqueFd fd_;
};

// Waits until the server has answered all that came before.
void Settle(DatagramPeer& peer) {
  peer.Send("settle");
  EXPECT_EQ(peer.Receive(), "settle");
}

void SendTo(const UniqueFd& fd, const SocketAddress& server,
            absl::string_view data) {
  EXPECT_EQ(sys::SendTo(fd.get(), data.data(), data.size(), server.data(),
                        server.length()),
            static_cast<ptrdiff_t>(data.size()));
}

// More datagrams than the kernel keeps for a Unix-domain receiver (unix(7)).
int TooMany() {
  int kept = 0;
  std::ifstream("/proc/sys/net/unix/max_dgram_qlen") >> kept;
  return (kept > 0 ? kept : 512) + 20;
}

std::string PlayDatagrams(const tests::PollerKind& kind,
                          const std::string& transport) {
  const ScratchDirectory scratch;
  RunningServer running(kind, {}, EndpointOf(transport, scratch));
  DatagramPeer friendly(running, "friendly"), longwinded(running, "longwinded"),
      leaves(running, "leaves"), last(running, "last");
  running.Start();
  for (const std::string& data :
       {std::string("hello"), std::string(), std::string("again"),
        Pattern(1400), Pattern(60000)}) {
    friendly.Send(data);
    EXPECT_TRUE(friendly.Receive() == data);
  }
  leaves.Send("");
  EXPECT_EQ(leaves.Receive(), "");
  leaves.Close();
  if (transport == "unix-dgram") {
    longwinded.Send(std::string(150000, 'x'));  // more than is received
    const UniqueFd deaf(internal::OpenSocket(AF_UNIX, SOCK_DGRAM));
    const SocketAddress& server = running.address();
    EXPECT_EQ(sys::Bind(deaf.get(), server.data(), sizeof(sa_family_t)), 0);
    running.transcript().Name(*LocalAddress(deaf.get()), "deaf");
    // What it does not take is dropped, and nobody else's.
    for (int i = 0; i < TooMany(); ++i) {
      SendTo(deaf, server, absl::StrCat("are you there, ", i));
      Settle(last);
    }
    const UniqueFd nameless(internal::OpenSocket(AF_UNIX, SOCK_DGRAM));
    SendTo(nameless, server, "who am I");
  }
  Settle(last);
  return Story(running);
}

using Player = std::string (*)(const tests::PollerKind&,
                               const std::string& transport);

struct Case {
  const char* name;
  Player play;
  std::string transport;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const char* transport : {"tcp4", "tcp6", "unix"}) {
    cases.push_back({"Scripts", PlayScripts, transport});
    cases.push_back({"Exhaustion", PlayExhaustion, transport});
    cases.push_back({"Crowd", PlayCrowd, transport});
  }
  for (const char* transport : {"udp4", "udp6", "unix-dgram"}) {
    cases.push_back({"Datagrams", PlayDatagrams, transport});
  }
  return cases;
}

// Why it cannot be played on this system; empty if it can.
std::string Obstacle(const Case& played) {
  if (played.play == PlayExhaustion && !tests::CanLimitDescriptors()) {
    return "Windows: descriptors do not run out";
  }
  if ((played.transport == "unix" && !HasUnixSockets(SOCK_STREAM)) ||
      (played.transport == "unix-dgram" && !HasUnixSockets(SOCK_DGRAM))) {
    return "no Unix-domain sockets of this kind";
  }
  return "";
}

class SameEverywhereTest
    : public testing::TestWithParam<std::tuple<Case, tests::PollerKind>> {};

std::string NameOfCase(
    const testing::TestParamInfo<std::tuple<Case, tests::PollerKind>>& info) {
  const Case& played = std::get<0>(info.param);
  const bool is_unix_dgram = played.transport == "unix-dgram";
  return absl::StrCat(played.name, "_",
                      is_unix_dgram ? "unixdgram" : played.transport, "_",
                      tests::TestNameOf(std::get<1>(info.param)));
}

INSTANTIATE_TEST_SUITE_P(, SameEverywhereTest,
                         testing::Combine(testing::ValuesIn(Cases()),
                                          testing::ValuesIn(tests::AllKinds())),
                         NameOfCase);

TEST_P(SameEverywhereTest, TranscriptAndCountersEqualTheReference) {
  const Case& played = std::get<0>(GetParam());
  const tests::PollerKind& kind = std::get<1>(GetParam());
  const std::string obstacle = Obstacle(played);
  if (!obstacle.empty()) GTEST_SKIP() << obstacle;
  // The last is the plainest: select, if this program has it.
  static auto& references = *new std::map<std::string, std::string>();
  const std::string key = absl::StrCat(played.name, played.transport);
  if (references.count(key) == 0) {
    references[key] = played.play(SupportedBackends().back(), played.transport);
  }
  EXPECT_EQ(played.play(kind, played.transport), references[key]);
}

// What the counters say in the end, which no backend may have in common with
// the others and yet be wrong.
TEST(CountersTest, AreWhatTheScriptsSay) {
  if (OnWine()) GTEST_SKIP() << kWineTakesResets;
  const Backend backend = DefaultBackend();
  const auto counters = [](const std::string& story) {
    return story.substr(story.rfind("accepted"));
  };
  const size_t sent = 48 + 150000 + 300 + 11;
  for (const char* tcp : {"tcp4", "tcp6"}) {
    EXPECT_EQ(counters(PlayScripts(backend, tcp)),
              absl::StrCat("accepted 16 finished 10 reset 4 failed 0 stopped 2 "
                           "received ",
                           2 * (sent + 12), " sent ", 2 * (sent + 12), "\n"));
    if (tests::CanLimitDescriptors()) {
      EXPECT_EQ(counters(PlayExhaustion(backend, tcp)),
                "accepted 12 finished 4 reset 0 failed 0 stopped 8 received "
                "108 sent 108\n");
    }
    EXPECT_EQ(PlayCrowd(backend, tcp),
              "accepted 999 finished 666 reset 333 failed 0 stopped 0 received "
              "1998 sent 1998");
  }
  if (!HasUnixSockets(SOCK_STREAM)) return;
  // A Unix-domain connection is reset only where something is unread.
  EXPECT_EQ(counters(PlayScripts(backend, "unix")),
            absl::StrCat("accepted 14 finished 10 reset 2 failed 0 stopped 2 "
                         "received ",
                         2 * sent, " sent ", 2 * sent, "\n"));
}

TEST(CountersTest, AreWhatTheDatagramsSay) {
  const Backend backend = DefaultBackend();
  for (const char* udp : {"udp4", "udp6"}) {
    const std::string story = PlayDatagrams(backend, udp);
    EXPECT_TRUE(absl::EndsWith(story,
                               "datagrams received 7 sent 7 too long 0 no room "
                               "0 unanswerable 0\n"))
        << story;
  }
  if (!HasUnixSockets(SOCK_DGRAM)) return;
  const std::string story = PlayDatagrams(backend, "unix-dgram");
  EXPECT_TRUE(absl::StrContains(
      story, absl::StrCat("datagrams received ", 9 + 2 * TooMany(), " sent ")))
      << story;
  EXPECT_TRUE(absl::StrContains(story, " too long 1 no room "));
  EXPECT_FALSE(absl::StrContains(story, " no room 0 "))
      << "a client that does not read was never too much";
  EXPECT_TRUE(absl::EndsWith(story, " unanswerable 1\n")) << story;
}

}  // namespace
}  // namespace isopoll::echo
