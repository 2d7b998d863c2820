// net/ as it is on macOS and the BSDs, as far as it can run on Linux: with
// their dialect, which the linker takes in place of Linux's.

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "isopoll/net/datagram.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/dialect.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

void ExpectStatus(const absl::Status& status, absl::StatusCode code,
                  absl::string_view part) {
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_NE(status.message().find(part), absl::string_view::npos) << status;
}

TEST(BsdDialectTest, HasNoAbstractNames) {
  ExpectStatus(SocketAddress::Parse("unix:@x").status(),
               absl::StatusCode::kInvalidArgument,
               "abstract names exist only on Linux; use unix:/path");
  EXPECT_EQ(Address("unix:/x").ToString(), "unix:/x");
  // So the kernel may write the address of a socket without a name.
  sockaddr_storage unnamed = {};
  unnamed.ss_family = AF_UNIX;
  EXPECT_EQ(SocketAddress::FromKernel(unnamed, sizeof(sockaddr_un)).ToString(),
            "unix:");
}

TEST(BsdDialectTest, SharesNoPorts) {
  EXPECT_FALSE(HasSharedPorts());
  ExpectStatus(Listen(Address("127.0.0.1:0"), 5, PortUse::kShared).status(),
               absl::StatusCode::kUnimplemented, "does not deal out a port");
  EXPECT_TRUE(Listen(Address("127.0.0.1:0"), 5, PortUse::kAlone).ok());
  // A path is no port.
  const ScratchDirectory scratch;
  EXPECT_TRUE(Listen(Address(absl::StrCat("unix:", scratch.Path("s"))), 5,
                     PortUse::kShared)
                  .ok());
}

TEST(BsdDialectTest, GivesDatagramSocketsNoNames) {
  const ScratchDirectory scratch;
  const SocketAddress address =
      Address(absl::StrCat("unix:", scratch.Path("d")));
  const UniqueFd service = *BindDatagram(address);
  ExpectStatus(ConnectDatagram(address).status(),
               absl::StatusCode::kUnimplemented, "use unix: or udp:");
  const UniqueFd udp = *BindDatagram(Address("127.0.0.1:0"));
  EXPECT_TRUE(ConnectDatagram(*LocalAddress(udp.get())).ok());
}

TEST(BsdDialectTest, KnowsOneErrorOfADeadConnection) {
  EXPECT_TRUE(internal::IsDeadConnection(ECONNABORTED));
  EXPECT_FALSE(internal::IsDeadConnection(EPROTO));
}

TEST(BsdDialectTest, DoesNotKnowWhatIsUnsent) {
  const SocketPairFds pair = *SocketPair(SOCK_STREAM);
  ASSERT_TRUE(Send(pair.first.get(), "x").ok());
  EXPECT_EQ(BytesUnsent(pair.first.get()), 0u);
}

}  // namespace
}  // namespace isopoll
