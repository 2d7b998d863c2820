// The same clients, friendly and hostile, on every backend: what the server
// sees and counts must be the same, byte for byte.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "echo/server.h"
#include "gtest/gtest.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"
#include "tests/echo/support/running_server.h"

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

void HalfCloseWithDataOwed(Peer& peer) {
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

// An urgent byte is not part of the stream, and wakes nobody who did not ask.
void OutOfBand(Peer& peer) {
  peer.Send("before");
  EXPECT_EQ(peer.Receive(6), "before");
  peer.SendOutOfBand('!');
  peer.Send("after");
  EXPECT_EQ(peer.Receive(5), "after");
  peer.FinishSending();
  EXPECT_EQ(peer.ReceiveAll(), "");
}

std::vector<Script> Scripts() {
  return {
      {"friendly", Friendly},
      {"half-close with data owed", HalfCloseWithDataOwed},
      {"leave at once", LeaveAtOnce},
      {"one byte at a time", OneByteAtATime},
      {"out-of-band byte", OutOfBand},
      {"reset at once", ResetAtOnce},
      {"reset mid-message", ResetMidMessage},
      {"silent", SayNothing},
  };
}

// Plays every script, and the other way round once more, on connections that
// are all open at the same time. Returns the transcript and the counters.
std::string Play(Backend backend) {
  const std::vector<Script> scripts = Scripts();
  ServerOptions options;
  options.buffer_bytes = 1000;
  RunningServer running(backend, options);
  std::vector<std::unique_ptr<Peer>> peers;
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
  EXPECT_TRUE(running.Stop().ok());
  return absl::StrCat(running.transcript().ToString(),
                      ToString(running.stats()), "\n");
}

class SameEverywhereTest : public EachBackend {};
INSTANTIATE_TEST_SUITE_P(, SameEverywhereTest, AllBackends(), NameOfBackend);

TEST_P(SameEverywhereTest, TranscriptAndCountersEqualTheReference) {
  // The last is the plainest: select, if this program has it.
  static const std::string reference = Play(SupportedBackends().back());
  EXPECT_EQ(Play(GetParam()), reference);
}

TEST_P(SameEverywhereTest, CountersAreWhatTheScriptsSay) {
  const std::string played = Play(GetParam());
  const size_t sent = 48 + 150000 + 300 + 11 + 11;
  EXPECT_EQ(played.substr(played.find("accepted")),
            absl::StrCat("accepted 16 finished 10 reset 4 failed 0 stopped 2 "
                         "received ",
                         2 * sent, " sent ", 2 * sent, "\n"));
}

}  // namespace
}  // namespace isopoll::echo
