#include "isopoll/net/pairs.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/sys.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

void ExpectSocketOfType(int fd, int type) {
  int got = 0;
  socklen_t length = sizeof(got);
  ASSERT_EQ(sys::GetSockOpt(fd, SOL_SOCKET, SO_TYPE, &got, &length), 0);
  EXPECT_EQ(got, type);
}

TEST(TcpPairTest, IsConnectedWithFlags) {
  absl::StatusOr<SocketPairFds> pair = TcpPair();
  ASSERT_TRUE(pair.ok()) << pair.status();
  EXPECT_TRUE(HasFlags(pair->first.get()));
  EXPECT_TRUE(HasFlags(pair->second.get()));
  ExpectSocketOfType(pair->first.get(), SOCK_STREAM);
  EXPECT_TRUE(FinishConnect(pair->first.get()).ok());

  ASSERT_TRUE(Send(pair->second.get(), "x").ok());
  ASSERT_TRUE(Await(pair->first.get(), POLLIN));
  char buffer[2];
  absl::StatusOr<Transfer> got =
      Receive(pair->first.get(), absl::MakeSpan(buffer));
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->bytes(), 1u);
}

void ExpectEveryCallSetsFlags(const SocketAddress& address) {
  absl::StatusOr<UniqueFd> listener = Listen(address);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_TRUE(HasFlags(listener->get()));
  absl::StatusOr<UniqueFd> client = Connect(*LocalAddress(listener->get()));
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_TRUE(HasFlags(client->get()));
  ASSERT_TRUE(Await(listener->get(), POLLIN));
  absl::StatusOr<std::optional<Accepted>> accepted = Accept(listener->get());
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  ASSERT_TRUE(accepted->has_value());
  EXPECT_TRUE(HasFlags((*accepted)->fd.get()));
}

TEST(SocketFlagsTest, EveryCallSetsThemForTcp) {
  ExpectEveryCallSetsFlags(Address("127.0.0.1:0"));
}

TEST(SocketFlagsTest, EveryCallSetsThemForAPath) {
  if (!HasUnixSockets(SOCK_STREAM)) GTEST_SKIP() << "Wine 8 has none";
  const ScratchDirectory directory;
  ExpectEveryCallSetsFlags(
      Address(absl::StrCat("unix:", directory.Path("socket"))));
}

}  // namespace
}  // namespace isopoll
