#include "net/pairs.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "net/socket.h"
#include "net/socket_address.h"
#include "net/transfer.h"
#include "net/unique_fd.h"
#include "tests/net/testing.h"
#include "tests/support/descriptor_limit.h"

namespace isopoll {
namespace {

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

TEST(SocketFlagsTest, EveryFunctionOfSocketSetsThem) {
  const ScratchDirectory directory;
  for (const std::string& text :
       {std::string("127.0.0.1:0"),
        absl::StrCat("unix:", directory.Path("socket"))}) {
    absl::StatusOr<UniqueFd> listener = Listen(Address(text));
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

}  // namespace
}  // namespace isopoll
