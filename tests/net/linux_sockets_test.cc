// What only Linux lets a test see.

#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/dialect.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

// Of a listener, TCP_INFO has it in place of another number (net/ipv4/tcp.c,
// tcp_get_info).
int BacklogOf(const absl::StatusOr<UniqueFd>& listener) {
  tcp_info info = {};
  socklen_t size = sizeof(info);
  EXPECT_EQ(::getsockopt(listener->get(), IPPROTO_TCP, TCP_INFO, &info, &size),
            0);
  return static_cast<int>(info.tcpi_sacked);
}

TEST(LinuxSocketsTest, ListenersHaveTheirBacklog) {
  EXPECT_EQ(BacklogOf(Listen(Address("127.0.0.1:0"), 5)), 5);
  EXPECT_EQ(BacklogOf(Listen(Address("127.0.0.1:0"))), 1024);
  EXPECT_EQ(BacklogOf(BindEndpoint(*Endpoint::Parse("tcp:127.0.0.1:0"))), 1024);
}

void ExpectTellsWhatIsUnsent(const absl::StatusOr<SocketPairFds>& pair) {
  ASSERT_TRUE(pair.ok()) << pair.status();
  const int fd = pair->first.get();
  EXPECT_EQ(BytesUnsent(fd), 0u);
  const std::string block(1 << 16, 'x');
  while (!Send(fd, block)->would_block()) continue;
  EXPECT_GT(BytesUnsent(fd), 0u);
}

TEST(LinuxSocketsTest, StreamsTellWhatIsUnsent) {
  ExpectTellsWhatIsUnsent(TcpPair());
  ExpectTellsWhatIsUnsent(SocketPair(SOCK_STREAM));
}

// So no test is skipped here for the want of it.
TEST(LinuxSocketsTest, LinuxHasEverything) {
  EXPECT_TRUE(HasUnixSockets(SOCK_STREAM));
  EXPECT_TRUE(HasUnixSockets(SOCK_DGRAM));
  EXPECT_TRUE(internal::HasAbstractNames());
  EXPECT_TRUE(HasSharedPorts());
}

TEST(LinuxSocketsTest, AFamilyWithoutTransportsIsNoService) {
  for (const int type : {SOCK_DGRAM, SOCK_RAW}) {
    const UniqueFd netlink(::socket(AF_NETLINK, type, NETLINK_ROUTE));
    ASSERT_TRUE(netlink);
    EXPECT_TRUE(
        absl::IsInvalidArgument(Endpoint::OfSocket(netlink.get()).status()));
  }
}

}  // namespace
}  // namespace isopoll
