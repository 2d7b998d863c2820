#include "tests/echo/support/transcript.h"

#include <string>
#include <vector>

#include "echo/service/log.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/echo/support/client_log.h"

namespace isopoll::echo {
namespace {

using ::testing::ElementsAre;

SocketAddress Address(absl::string_view text) {
  return *SocketAddress::Parse(text);
}

TEST(TranscriptTest, TellsBothSidesOfAConnection) {
  Transcript transcript;
  transcript.OnConnected(1, Address("127.0.0.1:5000"));
  transcript.OnSending(1, "abc");
  transcript.OnConnection(1, Address("127.0.0.1:5000"));
  transcript.OnReceived(1, "abc");
  transcript.OnEchoed(1, "abc");
  transcript.OnClosing(1, Ending::kFinished, absl::OkStatus());
  transcript.OnFinished(1);
  EXPECT_EQ(transcript.ToString(),
            "client 1\n"
            "  client: connected\n"
            "  client: sends 3 bytes \"abc\"\n"
            "  client: received 3 bytes \"abc\", fingerprint "
            "e71fa2190541574b\n"
            "  client: finished\n"
            "  server: connection\n"
            "  server: received 3 bytes \"abc\", fingerprint "
            "e71fa2190541574b\n"
            "  server: closing (finished)\n");
  EXPECT_EQ(transcript.EchoedTo("client 1"), "abc");
  EXPECT_EQ(transcript.EchoedTo("client 2"), "");
}

// What one run may do differently from the next: ports, the order of
// connections, how sides take turns, and how bytes are cut.
TEST(TranscriptTest, DoesNotShowScheduling) {
  Transcript one;
  one.Name(Address("127.0.0.1:5000"), "A");
  one.Name(Address("127.0.0.1:5001"), "B");
  one.OnWaiting();
  one.OnConnection(1, Address("127.0.0.1:5000"));
  one.OnConnection(2, Address("127.0.0.1:5001"));
  one.OnReceived(1, "abcdef");
  one.OnReceived(2, "xyz");
  one.OnClosing(1, Ending::kReset, absl::OkStatus());

  Transcript other;
  other.OnConnection(1, Address("127.0.0.1:7001"));
  other.OnReceived(1, "xyz");
  other.OnConnection(2, Address("127.0.0.1:6000"));
  other.OnWaiting();
  other.OnReceived(2, "abc");
  other.OnWaiting();
  other.OnReceived(2, "def");
  other.OnClosing(2, Ending::kReset, absl::OkStatus());
  other.Name(Address("127.0.0.1:6000"), "A");
  other.Name(Address("127.0.0.1:7001"), "B");

  EXPECT_EQ(one.ToString(), other.ToString());
}

TEST(TranscriptTest, ShowsADifferenceFarBackInTheBytes) {
  std::string bytes(1000, 'a');
  Transcript one;
  one.OnConnection(1, Address("127.0.0.1:5000"));
  one.OnReceived(1, bytes);
  bytes[900] = 'b';
  Transcript other;
  other.OnConnection(1, Address("127.0.0.1:5000"));
  other.OnReceived(1, bytes);
  EXPECT_NE(one.ToString(), other.ToString());
}

TEST(TranscriptTest, PassesEverythingOn) {
  std::vector<std::string> lines;
  const auto print = [&](absl::string_view line) { lines.emplace_back(line); };
  ServerLog server(print);
  ClientLog client(print);
  Transcript transcript(&server, &client);
  transcript.OnWaiting();
  transcript.OnWaiting();
  transcript.OnConnected(1, Address("127.0.0.1:5000"));
  transcript.OnConnection(3, Address("127.0.0.1:5000"));
  transcript.OnSending(1, "a");
  transcript.OnReceived(3, "a");
  transcript.OnWaiting();
  transcript.OnEchoed(1, "a");
  transcript.OnAcceptPaused(absl::ResourceExhaustedError("no room"));
  transcript.OnAcceptResumed();
  transcript.OnClosing(3, Ending::kFailed, absl::InternalError("why"));
  transcript.OnFinished(1);
  EXPECT_THAT(
      lines,
      ElementsAre("waiting", "client 1 connected from 127.0.0.1:5000",
                  "connection 3 from 127.0.0.1:5000",
                  "client 1 sends 1 byte \"a\"",
                  "connection 3: received 1 byte \"a\"", "waiting",
                  "client 1 received 1 byte \"a\"",
                  "accepting nobody new for now: no room", "accepting again",
                  "connection 3: closing (failed): why", "client 1 finished"));
}

TEST(DescribeBytesTest, EscapesAndShortens) {
  EXPECT_EQ(DescribeBytes(""), "0 bytes \"\"");
  EXPECT_EQ(DescribeBytes("\n\"\xff"), "3 bytes \"\\n\\\"\\xff\"");
  EXPECT_EQ(DescribeBytes(std::string(61, 'a')),
            "61 bytes \"" + std::string(60, 'a') + "\"...");
}

TEST(CompareTranscriptsTest, EqualIsOk) {
  EXPECT_TRUE(CompareTranscripts("select", "a\n", "poll", "a\n").ok());
}

TEST(CompareTranscriptsTest, DifferenceShowsBoth) {
  const absl::Status status =
      CompareTranscripts("select", "this\n", "poll", "that\n");
  EXPECT_EQ(status.message(),
            "the transcript of poll differs from that of select\n"
            "--- select\nthis\n--- poll\nthat\n");
}

}  // namespace
}  // namespace isopoll::echo
