#include "isopoll/net/socket.h"

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "net/internal/dialect.h"
#include "net/internal/sys.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

UniqueFd MustListen(const SocketAddress& address, int backlog = 16) {
  absl::StatusOr<UniqueFd> fd = Listen(address, backlog);
  EXPECT_TRUE(fd.ok()) << fd.status();
  return fd.ok() ? *std::move(fd) : UniqueFd();
}

SocketAddress MustLocalAddress(const UniqueFd& fd) {
  absl::StatusOr<SocketAddress> address = LocalAddress(fd.get());
  EXPECT_TRUE(address.ok()) << address.status();
  return address.ok() ? *address : Address("0.0.0.0:0");
}

UniqueFd MustConnect(const SocketAddress& address) {
  absl::StatusOr<UniqueFd> fd = Connect(address);
  EXPECT_TRUE(fd.ok()) << fd.status();
  if (!fd.ok()) return UniqueFd();
  EXPECT_TRUE(Await(fd->get(), POLLOUT));
  const absl::Status finished = FinishConnect(fd->get());
  EXPECT_TRUE(finished.ok()) << finished;
  return *std::move(fd);
}

Accepted MustAccept(const UniqueFd& listener) {
  EXPECT_TRUE(Await(listener.get(), POLLIN));
  absl::StatusOr<std::optional<Accepted>> accepted = Accept(listener.get());
  EXPECT_TRUE(accepted.ok()) << accepted.status();
  if (!accepted.ok() || !accepted->has_value()) {
    ADD_FAILURE() << "no connection";
    return {UniqueFd(), Address("0.0.0.0:0")};
  }
  return **std::move(accepted);
}

// Both ends of a connection to `listener` work.
void ExpectServes(const UniqueFd& listener) {
  const UniqueFd client = MustConnect(MustLocalAddress(listener));
  const Accepted server = MustAccept(listener);
  ASSERT_TRUE(Send(client.get(), "hello").ok());
  ASSERT_TRUE(Await(server.fd.get(), POLLIN));
  char buffer[16];
  absl::StatusOr<Transfer> got =
      Receive(server.fd.get(), absl::MakeSpan(buffer));
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(std::string(buffer, got->bytes()), "hello");
}

void ExpectStatus(const absl::Status& status, absl::StatusCode code,
                  absl::string_view part) {
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), part)) << status;
}

TEST(ListenTest, IsListening) {
  const UniqueFd listener = *Listen(Address("127.0.0.1:0"));
  EXPECT_TRUE(IsListening(listener.get()));
  const UniqueFd client = *Connect(*LocalAddress(listener.get()));
  EXPECT_FALSE(IsListening(client.get()));
  EXPECT_FALSE(IsListening(-1));
}

TEST(ListenTest, ServesOnIpv4) {
  const UniqueFd listener = MustListen(Address("127.0.0.1:0"));
  EXPECT_GT(MustLocalAddress(listener).port(), 0);
  ExpectServes(listener);
}

TEST(ListenTest, ServesOnIpv6Only) {
  absl::StatusOr<UniqueFd> listener = Listen(Address("[::]:0"));
  if (!listener.ok()) GTEST_SKIP() << "no IPv6 here: " << listener.status();
  const int port = MustLocalAddress(*listener).port();
  const UniqueFd client = MustConnect(Address(absl::StrCat("[::1]:", port)));
  EXPECT_EQ(MustAccept(*listener).peer.ToString(),
            MustLocalAddress(client).ToString());
  // The same port is free for IPv4.
  EXPECT_TRUE(Listen(Address(absl::StrCat("0.0.0.0:", port))).ok());
}

TEST(ListenTest, PortInUse) {
  const UniqueFd listener = MustListen(Address("127.0.0.1:0"));
  const SocketAddress address = MustLocalAddress(listener);
  ExpectStatus(Listen(address).status(), absl::StatusCode::kAlreadyExists,
               absl::StrCat(address.ToString(),
                            " is in use; choose another port, or port 0"));
  ExpectServes(listener);
}

TEST(ListenTest, PortInTimeWaitIsTakenOver) {
  UniqueFd listener = MustListen(Address("127.0.0.1:0"));
  const SocketAddress address = MustLocalAddress(listener);
  UniqueFd client = MustConnect(address);
  Accepted server = MustAccept(listener);
  // The side that closes first keeps the port in TIME_WAIT.
  server.fd.reset();
  ASSERT_TRUE(Await(client.get(), POLLIN));
  client.reset();
  listener.reset();
  ExpectServes(MustListen(address));
}

TEST(ListenTest, AddressOfAnotherMachine) {
  const absl::Status status = Listen(Address("192.0.2.1:0")).status();
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.message(),
            absl::StrCat("bind to 192.0.2.1:0: ", ErrorText(EADDRNOTAVAIL)));
}

// An abstract name that no other process has.
class AbstractNameTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!internal::HasAbstractNames()) GTEST_SKIP() << "only Linux has them";
  }

  const ScratchDirectory directory_;
  const std::string text_ = absl::StrCat("unix:@", directory_.Path("name"));
};

TEST_F(AbstractNameTest, IsServed) {
  const UniqueFd listener = MustListen(Address(text_));
  EXPECT_EQ(MustLocalAddress(listener).ToString(), text_);
  ExpectServes(listener);
}

TEST_F(AbstractNameTest, InUseIsLeftAlone) {
  const UniqueFd listener = MustListen(Address(text_));
  ExpectStatus(Listen(Address(text_)).status(),
               absl::StatusCode::kAlreadyExists, "is in use");
}

// A path in a directory of its own.
class PathTest : public testing::Test {
 protected:
  void SetUp() override {
    if (HasUnixSockets(SOCK_STREAM)) return;
    GTEST_SKIP() << "Windows has Unix-domain sockets, but Wine 8 has none";
  }

  const ScratchDirectory directory_;
  const std::string path_ = directory_.Path("socket");
  const SocketAddress address_ = Address(absl::StrCat("unix:", path_));
};

TEST_F(PathTest, IsServed) {
  const UniqueFd listener = MustListen(address_);
  EXPECT_EQ(MustLocalAddress(listener).ToString(), address_.ToString());
  ExpectServes(listener);
}

TEST_F(PathTest, LeftOverIsReplaced) {
  MustListen(address_).reset();
  ASSERT_TRUE(std::filesystem::exists(std::filesystem::symlink_status(path_)));
  ExpectServes(MustListen(address_));
}

TEST_F(PathTest, InUseIsLeftAlone) {
  const UniqueFd listener = MustListen(address_);
  ExpectStatus(Listen(address_).status(), absl::StatusCode::kAlreadyExists,
               absl::StrCat("unix:", path_,
                            " is in use; choose another name, or end the "
                            "server there"));
  // The probe came and went.
  const Accepted probe = MustAccept(listener);
  char buffer[1];
  absl::StatusOr<Transfer> got =
      Receive(probe.fd.get(), absl::MakeSpan(buffer));
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_TRUE(got->end_of_file());
  ExpectServes(listener);
}

TEST_F(PathTest, InUseWithAFullQueueIsLeftAlone) {
  const UniqueFd listener = MustListen(address_, /*backlog=*/0);
  std::vector<UniqueFd> clients;
  absl::StatusOr<UniqueFd> client = Connect(address_);
  while (client.ok()) {
    clients.push_back(*std::move(client));
    client = Connect(address_);
  }
  ExpectStatus(client.status(), absl::StatusCode::kResourceExhausted,
               "queue is full; try again later");
  ExpectStatus(Listen(address_).status(), absl::StatusCode::kAlreadyExists,
               "is in use");
  MustAccept(listener);
  EXPECT_TRUE(Connect(address_).ok());
}

TEST_F(PathTest, DatagramSocketIsLeftAlone) {
  if (!HasUnixSockets(SOCK_DGRAM)) GTEST_SKIP() << "Windows has streams only";
  const UniqueFd other(internal::OpenSocket(AF_UNIX, SOCK_DGRAM));
  ASSERT_EQ(sys::Bind(other.get(), address_.data(), address_.length()), 0);
  ExpectStatus(Listen(address_).status(), absl::StatusCode::kAlreadyExists,
               "is in use");
}

TEST_F(PathTest, FileIsLeftAlone) {
  std::ofstream(path_) << "precious";
  ExpectStatus(Listen(address_).status(), absl::StatusCode::kAlreadyExists,
               "is a file, not a socket; choose another path, or remove it");
  std::string content;
  std::ifstream(path_) >> content;
  EXPECT_EQ(content, "precious");
}

TEST_F(PathTest, DirectoryIsLeftAlone) {
  ASSERT_TRUE(std::filesystem::create_directory(path_));
  ExpectStatus(Listen(address_).status(), absl::StatusCode::kAlreadyExists,
               "is a directory; give the path of a socket in it");
}

TEST_F(PathTest, DirectoryIsMissing) {
  ExpectStatus(Listen(Address(absl::StrCat("unix:", path_, "/x"))).status(),
               absl::StatusCode::kNotFound, "bind to unix:");
}

TEST_F(PathTest, ConnectToNothingIsUnavailable) {
  ExpectStatus(Connect(address_).status(), absl::StatusCode::kUnavailable,
               absl::StrCat("connect to unix:", path_, ": "));
  MustListen(address_).reset();
  ExpectStatus(Connect(address_).status(), absl::StatusCode::kUnavailable,
               ErrorText(ECONNREFUSED));
}

TEST_F(PathTest, PeerThatDidNotBindIsUnnamed) {
  const UniqueFd listener = MustListen(address_);
  const UniqueFd client = MustConnect(address_);
  EXPECT_EQ(MustAccept(listener).peer.ToString(), "unix:");
}

// A TCP port that nobody listens on and nobody else can get: it is bound.
class DeafPort {
 public:
  DeafPort() : fd_(internal::OpenSocket(AF_INET, SOCK_STREAM)) {
    const SocketAddress any = Address("127.0.0.1:0");
    EXPECT_EQ(sys::Bind(fd_.get(), any.data(), any.length()), 0);
  }
  SocketAddress address() const { return MustLocalAddress(fd_); }

 private:
  UniqueFd fd_;
};

TEST(ConnectTest, RefusalIsUnavailable) {
  const DeafPort deaf;
  absl::StatusOr<UniqueFd> fd = Connect(deaf.address());
  ASSERT_TRUE(fd.ok()) << fd.status();
  ASSERT_TRUE(Await(fd->get(), POLLOUT));
  ExpectStatus(
      FinishConnect(fd->get()), absl::StatusCode::kUnavailable,
      absl::StrCat("connect of fd ", fd->get(), ": ", ErrorText(ECONNREFUSED)));
}

TEST(ConnectTest, RefusalIsTaken) {
  if (OnWine()) GTEST_SKIP() << "Wine keeps the error";
  const DeafPort deaf;
  absl::StatusOr<UniqueFd> fd = Connect(deaf.address());
  ASSERT_TRUE(fd.ok()) << fd.status();
  ASSERT_TRUE(Await(fd->get(), POLLOUT));
  EXPECT_FALSE(FinishConnect(fd->get()).ok());
  ExpectStatus(FinishConnect(fd->get()), absl::StatusCode::kFailedPrecondition,
               "not connected yet");
}

TEST(ConnectTest, InProgressUntilTheQueueHasRoom) {
  const UniqueFd listener = MustListen(Address("127.0.0.1:0"), /*backlog=*/0);
  const SocketAddress address = MustLocalAddress(listener);
  // Linux ignores the SYN of one connection too many, for about a second.
  std::vector<UniqueFd> clients;
  absl::Status finished;
  while (finished.ok() && clients.size() < 100) {
    absl::StatusOr<UniqueFd> client = Connect(address);
    ASSERT_TRUE(client.ok()) << client.status();
    clients.push_back(*std::move(client));
    finished = FinishConnect(clients.back().get());
  }
  ExpectStatus(finished, absl::StatusCode::kFailedPrecondition,
               "not connected yet; wait until it is writable");
  if (HasFailure()) return;
  for (size_t i = 0; i < clients.size(); ++i) MustAccept(listener);
  ASSERT_TRUE(Await(clients.back().get(), POLLOUT));
  const absl::Status now = FinishConnect(clients.back().get());
  EXPECT_TRUE(now.ok()) << now;
}

TEST(ConnectTest, FinishConnectOfWhatIsNoSocket) {
  ExpectStatus(FinishConnect(-1), absl::StatusCode::kFailedPrecondition,
               absl::StrCat("SO_ERROR of fd -1: ", ErrorText(EBADF)));
}

TEST(AcceptTest, NothingInTheQueue) {
  const UniqueFd listener = MustListen(Address("127.0.0.1:0"));
  absl::StatusOr<std::optional<Accepted>> accepted = Accept(listener.get());
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_FALSE(accepted->has_value());
}

TEST(AcceptTest, SaysWhoConnected) {
  const UniqueFd listener = MustListen(Address("127.0.0.1:0"));
  const UniqueFd client = MustConnect(MustLocalAddress(listener));
  EXPECT_EQ(MustAccept(listener).peer.ToString(),
            MustLocalAddress(client).ToString());
}

// Linux hands out a connection that was reset in the queue, other systems give
// ECONNABORTED. Either way the next one comes.
TEST(AcceptTest, ConnectionThatDiedInTheQueueIsNoError) {
  const UniqueFd listener = MustListen(Address("127.0.0.1:0"));
  UniqueFd dead = MustConnect(MustLocalAddress(listener));
  const std::string dead_peer = MustLocalAddress(dead).ToString();
  ASSERT_TRUE(Await(listener.get(), POLLIN));
  CloseWithReset(dead.release());
  const UniqueFd live = MustConnect(MustLocalAddress(listener));
  Accepted accepted = MustAccept(listener);
  if (accepted.peer.ToString() == dead_peer) {
    char buffer[1];
    EXPECT_TRUE(IsPeerGone(
        Receive(accepted.fd.get(), absl::MakeSpan(buffer)).status()));
    ExpectStatus(ShutdownWrite(accepted.fd.get()),
                 absl::StatusCode::kUnavailable, "shutdown of fd ");
    accepted = MustAccept(listener);
  }
  EXPECT_EQ(accepted.peer.ToString(), MustLocalAddress(live).ToString());
}

TEST(AcceptTest, SocketThatCannotAcceptIsAnError) {
  const UniqueFd stream(internal::OpenSocket(AF_INET, SOCK_STREAM));
  EXPECT_EQ(Accept(stream.get()).status().code(),
            absl::StatusCode::kInvalidArgument);
  const UniqueFd datagram(internal::OpenSocket(AF_INET, SOCK_DGRAM));
  EXPECT_FALSE(Accept(datagram.get()).ok());
  EXPECT_FALSE(Accept(-1).ok());
}

TEST(LocalAddressTest, NoSocket) {
  ExpectStatus(LocalAddress(-1).status(), absl::StatusCode::kFailedPrecondition,
               absl::StrCat("getsockname of fd -1: ", ErrorText(EBADF)));
}

TEST(ShutdownWriteTest, NoSocket) {
  ExpectStatus(ShutdownWrite(-1), absl::StatusCode::kFailedPrecondition,
               absl::StrCat("shutdown of fd -1: ", ErrorText(EBADF)));
}

TEST(ShutdownWriteTest, WhatWasSentStillArrives) {
  const UniqueFd listener = MustListen(Address("127.0.0.1:0"));
  const UniqueFd client = MustConnect(MustLocalAddress(listener));
  const Accepted server = MustAccept(listener);
  ASSERT_TRUE(Send(client.get(), "last words").ok());
  ASSERT_TRUE(ShutdownWrite(client.get()).ok());
  ASSERT_TRUE(Await(server.fd.get(), POLLIN));
  char buffer[16];
  absl::StatusOr<Transfer> got =
      Receive(server.fd.get(), absl::MakeSpan(buffer));
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(std::string(buffer, got->bytes()), "last words");
  ASSERT_TRUE(Await(server.fd.get(), POLLIN));
  got = Receive(server.fd.get(), absl::MakeSpan(buffer));
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_TRUE(got->end_of_file());
}

}  // namespace
}  // namespace isopoll
