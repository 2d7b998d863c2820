#include "net/endpoint.h"

#include <sys/socket.h>

#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "net/pairs.h"
#include "net/socket.h"
#include "net/unique_fd.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

struct Good {
  std::string text;
  Transport transport;
  std::string printed;
};

TEST(EndpointTest, ParsesPrintsAndParsesAgain) {
  const std::vector<Good> cases = {
      {"tcp:127.0.0.1:7007", Transport::kTcp, "tcp:127.0.0.1:7007"},
      {"127.0.0.1:7007", Transport::kTcp, "tcp:127.0.0.1:7007"},
      {"[::1]:7007", Transport::kTcp, "tcp:[::1]:7007"},
      {"udp:[::1]:7007", Transport::kUdp, "udp:[::1]:7007"},
      {"udp:0.0.0.0:0", Transport::kUdp, "udp:0.0.0.0:0"},
      {"unix:/run/e", Transport::kUnix, "unix:/run/e"},
      {"unix:udp:1", Transport::kUnix, "unix:udp:1"},
      {"unix-dgram:/run/e", Transport::kUnixDgram, "unix-dgram:/run/e"},
      {"unix-dgram:@e", Transport::kUnixDgram, "unix-dgram:@e"},
  };
  for (const Good& good : cases) {
    const absl::StatusOr<Endpoint> endpoint = Endpoint::Parse(good.text);
    ASSERT_TRUE(endpoint.ok()) << endpoint.status();
    EXPECT_EQ(endpoint->transport, good.transport) << good.text;
    EXPECT_EQ(endpoint->ToString(), good.printed);
    EXPECT_EQ(endpoint->is_stream(), good.transport == Transport::kTcp ||
                                         good.transport == Transport::kUnix);
    const absl::StatusOr<Endpoint> again = Endpoint::Parse(good.printed);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->transport, good.transport);
    EXPECT_EQ(again->ToString(), good.printed);
  }
}

TEST(EndpointTest, NoOtherTransportHasAName) {
  EXPECT_EQ(TransportName(static_cast<Transport>(17)), "unknown");
}

TEST(EndpointTest, StreamsAsItPrints) {
  std::ostringstream out;
  out << *Endpoint::Parse("127.0.0.1:7007");
  EXPECT_EQ(out.str(), "tcp:127.0.0.1:7007");
}

TEST(EndpointTest, SaysWhatIsWrong) {
  for (const char* text : {"", "tcp:", "udp:", "unix:", "unix-dgram:",
                           "udp:127.0.0.1", "udp:unix:/x", "tcp:unix:/x",
                           "udp:tcp:127.0.0.1:7", "http:127.0.0.1:7"}) {
    EXPECT_EQ(Endpoint::Parse(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
  EXPECT_EQ(Endpoint::Parse("udp:unix:/x").status().message(),
            "address \"udp:unix:/x\": two transports; expected one of tcp:, "
            "udp:, unix: and unix-dgram:");
}

TEST(BindEndpointTest, ServesEveryTransport) {
  const ScratchDirectory scratch;
  for (const std::string& text :
       {std::string("tcp:127.0.0.1:0"), std::string("tcp:[::1]:0"),
        std::string("udp:127.0.0.1:0"), std::string("udp:[::1]:0"),
        absl::StrCat("unix:", scratch.Path("s")),
        absl::StrCat("unix-dgram:", scratch.Path("d"))}) {
    const Endpoint endpoint = *Endpoint::Parse(text);
    const absl::StatusOr<UniqueFd> socket = BindEndpoint(endpoint);
    ASSERT_TRUE(socket.ok()) << text << ": " << socket.status();
    EXPECT_TRUE(HasFlags(socket->get())) << text;
    const absl::StatusOr<Endpoint> bound = Endpoint::OfSocket(socket->get());
    ASSERT_TRUE(bound.ok()) << bound.status();
    EXPECT_EQ(bound->transport, endpoint.transport);
    // What is in use is not taken.
    EXPECT_EQ(BindEndpoint(*bound).status().code(),
              absl::StatusCode::kAlreadyExists)
        << text;
  }
}

TEST(BindEndpointTest, SeveralShareAPortIfAllSaySo) {
  ASSERT_TRUE(HasSharedPorts());
  for (const char* text : {"tcp:127.0.0.1:0", "udp:127.0.0.1:0"}) {
    const absl::StatusOr<UniqueFd> first =
        BindEndpoint(*Endpoint::Parse(text), PortUse::kShared);
    ASSERT_TRUE(first.ok()) << first.status();
    const Endpoint bound = *Endpoint::OfSocket(first->get());
    EXPECT_TRUE(BindEndpoint(bound, PortUse::kShared).ok());
    EXPECT_EQ(BindEndpoint(bound, PortUse::kAlone).status().code(),
              absl::StatusCode::kAlreadyExists);
  }
}

TEST(EndpointOfSocketTest, RefusesWhatIsNoService) {
  const PipeFds pipe = *Pipe();
  EXPECT_TRUE(absl::IsInvalidArgument(
      Endpoint::OfSocket(pipe.read_end.get()).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Endpoint::OfSocket(-1).status()));
  const SocketPairFds pair = *SocketPair(SOCK_SEQPACKET);
  EXPECT_TRUE(
      absl::IsInvalidArgument(Endpoint::OfSocket(pair.first.get()).status()));
}

}  // namespace
}  // namespace isopoll
