// What Windows does not have: descriptors that are small numbers, each the
// lowest that is free, a limit of them, and pipes.

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "isopoll/net/datagram.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "tests/net/testing.h"
#include "tests/support/descriptor_limit.h"

namespace isopoll {
namespace {

TEST(UniqueFdTest, ClosesZeroToo) {
  const int number = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::dup2(number, 0), 0);
  { const UniqueFd zero(0); }
  EXPECT_FALSE(IsOpen(0));
  ASSERT_EQ(::dup2(number, 0), 0);
  const UniqueFd closer(number);
}

void ExpectSocketOfType(int fd, int type) {
  int got = 0;
  socklen_t length = sizeof(got);
  ASSERT_EQ(::getsockopt(fd, SOL_SOCKET, SO_TYPE, &got, &length), 0);
  EXPECT_EQ(got, type);
}

class SocketPairTest : public testing::TestWithParam<int> {};

TEST_P(SocketPairTest, IsConnectedWithFlags) {
  absl::StatusOr<SocketPairFds> pair = SocketPair(GetParam());
  ASSERT_TRUE(pair.ok()) << pair.status();
  EXPECT_TRUE(HasFlags(pair->first.get()));
  EXPECT_TRUE(HasFlags(pair->second.get()));
  ExpectSocketOfType(pair->first.get(), GetParam());
  char byte = 'x';
  ASSERT_EQ(::write(pair->first.get(), &byte, 1), 1);
  ASSERT_TRUE(Await(pair->second.get(), POLLIN));
  EXPECT_EQ(::read(pair->second.get(), &byte, 1), 1);
}

INSTANTIATE_TEST_SUITE_P(Types, SocketPairTest,
                         testing::Values(SOCK_STREAM, SOCK_DGRAM,
                                         SOCK_SEQPACKET));

TEST(SocketPairErrorTest, UnknownType) {
  absl::StatusOr<SocketPairFds> pair = SocketPair(9);
  ASSERT_FALSE(pair.ok());
  EXPECT_EQ(pair.status().message().substr(0, 12), "socketpair: ");
}

TEST(PipeTest, IsConnectedWithFlags) {
  absl::StatusOr<PipeFds> pipe = Pipe();
  ASSERT_TRUE(pipe.ok()) << pipe.status();
  EXPECT_TRUE(HasFlags(pipe->read_end.get()));
  EXPECT_TRUE(HasFlags(pipe->write_end.get()));
  EXPECT_EQ(::fcntl(pipe->read_end.get(), F_GETFL) & O_ACCMODE, O_RDONLY);
  EXPECT_EQ(::fcntl(pipe->write_end.get(), F_GETFL) & O_ACCMODE, O_WRONLY);
  char byte = 'x';
  ASSERT_EQ(::write(pipe->write_end.get(), &byte, 1), 1);
  EXPECT_EQ(::read(pipe->read_end.get(), &byte, 1), 1);
}

// However many descriptors are left, too few is ResourceExhausted, and those
// made on the way are closed again.
void ExpectExhausted(int needed, const std::function<absl::Status()>& make) {
  const int next = tests::LowestFreeFd();
  for (int spare = 0; spare < needed; ++spare) {
    const tests::ScopedDescriptorLimit limit(tests::LowestFreeFd() + spare);
    const absl::Status status = make();
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted)
        << "with room for " << spare << ": " << status;
    EXPECT_NE(status.message().find(std::strerror(EMFILE)), std::string::npos)
        << status;
  }
  const tests::ScopedDescriptorLimit limit(tests::LowestFreeFd() + needed);
  EXPECT_TRUE(make().ok());
  EXPECT_EQ(tests::LowestFreeFd(), next);
}

TEST(DescriptorLimitTest, SocketPair) {
  ExpectExhausted(2, [] { return SocketPair(SOCK_STREAM).status(); });
}

TEST(DescriptorLimitTest, TcpPair) {
  ExpectExhausted(3, [] { return TcpPair().status(); });
}

TEST(DescriptorLimitTest, Pipe) {
  ExpectExhausted(2, [] { return Pipe().status(); });
}

void ExpectNoDescriptorLeft(const absl::Status& status,
                            absl::string_view call) {
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_TRUE(absl::StartsWith(status.message(), call)) << status;
  EXPECT_TRUE(absl::EndsWith(status.message(), std::strerror(EMFILE)))
      << status;
}

TEST(DescriptorLimitTest, Connect) {
  const SocketAddress address = Address("127.0.0.1:1");
  const tests::ScopedDescriptorLimit limit(tests::LowestFreeFd());
  ExpectNoDescriptorLeft(Connect(address).status(), "socket for 127.0.0.1:1: ");
}

TEST(DescriptorLimitTest, AcceptKeepsTheConnection) {
  const UniqueFd listener = *Listen(Address("127.0.0.1:0"));
  const UniqueFd client = *Connect(*LocalAddress(listener.get()));
  ASSERT_TRUE(Await(listener.get(), POLLIN));
  {
    const tests::ScopedDescriptorLimit limit(tests::LowestFreeFd());
    ExpectNoDescriptorLeft(Accept(listener.get()).status(), "accept on fd ");
  }
  const absl::StatusOr<std::optional<Accepted>> accepted =
      Accept(listener.get());
  ASSERT_TRUE(accepted.ok() && accepted->has_value()) << accepted.status();
  EXPECT_EQ((*accepted)->peer.ToString(),
            LocalAddress(client.get())->ToString());
}

// The kernel wants a descriptor before it looks into the queue.
TEST(DescriptorLimitTest, AcceptWithNothingInTheQueue) {
  const UniqueFd listener = *Listen(Address("127.0.0.1:0"));
  absl::StatusOr<std::optional<Accepted>> accepted = std::nullopt;
  {
    const tests::ScopedDescriptorLimit limit(tests::LowestFreeFd());
    accepted = Accept(listener.get());
  }
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_FALSE(accepted->has_value());
}

void MakeBlocking(const UniqueFd& fd) {
  const int flags = ::fcntl(fd.get(), F_GETFL);
  ASSERT_EQ(::fcntl(fd.get(), F_SETFL, flags & ~O_NONBLOCK), 0);
}

// Receives and fills `pair`.
void ExpectNeverBlocks(const absl::StatusOr<SocketPairFds>& pair) {
  ASSERT_TRUE(pair.ok()) << pair.status();
  MakeBlocking(pair->first);
  char byte;
  const absl::StatusOr<Transfer> got = Receive(pair->first.get(), {&byte, 1});
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_TRUE(got->would_block());
  const std::string block(1 << 16, 'x');
  absl::StatusOr<Transfer> sent = Send(pair->first.get(), block);
  EXPECT_GT(sent->bytes(), 0u);
  while (sent.ok() && !sent->would_block()) {
    sent = Send(pair->first.get(), block);
  }
  EXPECT_TRUE(sent.ok()) << sent.status();
}

TEST(BlockingSocketTest, NeverBlocksReceiveAndSend) {
  ExpectNeverBlocks(TcpPair());
  ExpectNeverBlocks(SocketPair(SOCK_STREAM));
}

TEST(BlockingSocketTest, NeverBlocksSendDatagram) {
  const ScratchDirectory scratch;
  const SocketAddress address =
      Address(absl::StrCat("unix:", scratch.Path("d")));
  const UniqueFd service = *BindDatagram(address);
  const SocketAddress source =
      Address(absl::StrCat("unix:", scratch.Path("s")));
  const UniqueFd client = *ConnectDatagram(address, &source);
  MakeBlocking(client);
  Sent sent = Sent::kYes;
  for (int i = 0; i < 100000 && sent == Sent::kYes; ++i) {
    sent = *SendDatagram(client.get(), "x");
  }
  EXPECT_EQ(sent, Sent::kNoRoom);
}

TEST(NoSocketTest, SendSaysSo) {
  absl::StatusOr<PipeFds> pipe = Pipe();
  ASSERT_TRUE(pipe.ok()) << pipe.status();
  const absl::Status sent = Send(pipe->write_end.get(), "x").status();
  EXPECT_FALSE(sent.ok());
  EXPECT_FALSE(IsPeerGone(sent)) << sent;
}

TEST(NoServiceTest, IsNoEndpoint) {
  const PipeFds pipe = *Pipe();
  EXPECT_TRUE(absl::IsInvalidArgument(
      Endpoint::OfSocket(pipe.read_end.get()).status()));
  const SocketPairFds pair = *SocketPair(SOCK_SEQPACKET);
  EXPECT_TRUE(
      absl::IsInvalidArgument(Endpoint::OfSocket(pair.first.get()).status()));
}

}  // namespace
}  // namespace isopoll
