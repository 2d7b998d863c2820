#include "isopoll/net/endpoint.h"

#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/dialect.h"
#include "net/internal/sys.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

struct Good {
  std::string text;
  Transport transport;
  std::string printed;
};

void ExpectParsesPrintsAndParsesAgain(const Good& good) {
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
  };
  for (const Good& good : cases) ExpectParsesPrintsAndParsesAgain(good);
}

TEST(EndpointTest, ParsesAbstractNames) {
  if (!internal::HasAbstractNames()) GTEST_SKIP() << "only Linux has them";
  ExpectParsesPrintsAndParsesAgain(
      {"unix-dgram:@e", Transport::kUnixDgram, "unix-dgram:@e"});
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

class BindEndpointTest : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Each, BindEndpointTest,
                         testing::Values("tcp:127.0.0.1:0", "tcp:[::1]:0",
                                         "udp:127.0.0.1:0", "udp:[::1]:0",
                                         "unix:", "unix-dgram:"));

TEST_P(BindEndpointTest, ServesIt) {
  const ScratchDirectory scratch;
  const bool is_unix = absl::StartsWith(GetParam(), "unix");
  const Endpoint endpoint = *Endpoint::Parse(
      absl::StrCat(GetParam(), is_unix ? scratch.Path("s") : ""));
  const int type = endpoint.is_stream() ? SOCK_STREAM : SOCK_DGRAM;
  if (is_unix && !HasUnixSockets(type)) GTEST_SKIP() << "no such sockets here";
  const absl::StatusOr<UniqueFd> socket = BindEndpoint(endpoint);
  ASSERT_TRUE(socket.ok()) << socket.status();
  EXPECT_TRUE(HasFlags(socket->get()));
  const absl::StatusOr<Endpoint> bound = Endpoint::OfSocket(socket->get());
  ASSERT_TRUE(bound.ok()) << bound.status();
  EXPECT_EQ(bound->transport, endpoint.transport);
  // What is in use is not taken.
  EXPECT_EQ(BindEndpoint(*bound).status().code(),
            absl::StatusCode::kAlreadyExists);
}

TEST(SharedPortTest, SeveralShareAPortIfAllSaySo) {
  if (!HasSharedPorts()) GTEST_SKIP() << "only Linux deals out a port";
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

TEST(EndpointOfSocketTest, RefusesWhatIsNoSocket) {
  EXPECT_TRUE(absl::IsInvalidArgument(Endpoint::OfSocket(-1).status()));
}

}  // namespace
}  // namespace isopoll
