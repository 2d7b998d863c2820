#include "isopoll/net/options.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "isopoll/net/datagram.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/sys.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

int Get(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof(value);
  EXPECT_EQ(sys::GetSockOpt(fd, level, name, &value, &size), 0);
  return value;
}

SocketOptions All() {
  SocketOptions options;
  options.no_delay = options.urgent_inline = true;
  options.send_buffer_bytes = 20000;
  options.receive_buffer_bytes = 30000;
  return options;
}

void ExpectAll(int fd) {
  EXPECT_NE(Get(fd, IPPROTO_TCP, TCP_NODELAY), 0);
  EXPECT_NE(Get(fd, SOL_SOCKET, SO_OOBINLINE), 0);
  EXPECT_GE(Get(fd, SOL_SOCKET, SO_SNDBUF), 20000);
  EXPECT_LE(Get(fd, SOL_SOCKET, SO_SNDBUF), 40000);
  EXPECT_GE(Get(fd, SOL_SOCKET, SO_RCVBUF), 30000);
  EXPECT_LE(Get(fd, SOL_SOCKET, SO_RCVBUF), 60000);
}

TEST(SocketOptionsTest, WhatIsAcceptedInheritsThemFromTheListener) {
  for (const char* address : {"127.0.0.1:0", "[::1]:0"}) {
    const UniqueFd listener = *Listen(Address(address));
    ASSERT_TRUE(SetOptions(listener.get(), All()).ok());
    const UniqueFd client = *Connect(*LocalAddress(listener.get()));
    ASSERT_TRUE(Await(listener.get(), POLLIN));
    ExpectAll((**Accept(listener.get())).fd.get());
    EXPECT_EQ(Get(client.get(), IPPROTO_TCP, TCP_NODELAY), 0);
    ASSERT_TRUE(SetOptions(client.get(), All()).ok());
    ExpectAll(client.get());
  }
}

TEST(SocketOptionsTest, ByDefaultNothingIsSet) {
  const SocketPairFds pair = *TcpPair();
  const int fd = pair.first.get();
  const int send_buffer = Get(fd, SOL_SOCKET, SO_SNDBUF);
  const int receive_buffer = Get(fd, SOL_SOCKET, SO_RCVBUF);
  EXPECT_TRUE(SetOptions(fd, {}).ok());
  EXPECT_EQ(Get(fd, IPPROTO_TCP, TCP_NODELAY), 0);
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_OOBINLINE), 0);
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_LINGER), 0);
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_SNDBUF), send_buffer);
  EXPECT_EQ(Get(fd, SOL_SOCKET, SO_RCVBUF), receive_buffer);
}

TEST(SocketOptionsTest, OneByteOfABufferIsAsked) {
  const SocketPairFds pair = *TcpPair();
  const int fd = pair.first.get();
  const int send_buffer = Get(fd, SOL_SOCKET, SO_SNDBUF);
  const int receive_buffer = Get(fd, SOL_SOCKET, SO_RCVBUF);
  SocketOptions options;
  options.send_buffer_bytes = options.receive_buffer_bytes = 1;
  EXPECT_TRUE(SetOptions(fd, options).ok());
  EXPECT_LT(Get(fd, SOL_SOCKET, SO_SNDBUF), send_buffer);
  EXPECT_LT(Get(fd, SOL_SOCKET, SO_RCVBUF), receive_buffer);
}

void ExpectTakesWhatConcernsIt(int fd) {
  EXPECT_TRUE(SetOptions(fd, All()).ok());
  EXPECT_LE(Get(fd, SOL_SOCKET, SO_SNDBUF), 40000);
}

TEST(SocketOptionsTest, UdpTakesWhatConcernsIt) {
  ExpectTakesWhatConcernsIt(BindDatagram(Address("127.0.0.1:0"))->get());
}

TEST(SocketOptionsTest, UnixSocketsTakeWhatConcernsThem) {
  if (!HasUnixSockets(SOCK_STREAM)) GTEST_SKIP() << "Wine 8 has none";
  const ScratchDirectory scratch;
  const SocketAddress path = Address(absl::StrCat("unix:", scratch.Path("s")));
  ExpectTakesWhatConcernsIt(Listen(path)->get());
}

TEST(SocketOptionsTest, ClosingMayBeAReset) {
  if (OnWine()) GTEST_SKIP() << "Wine's server may take the error";
  SocketPairFds pair = *TcpPair();
  SocketOptions options;
  options.reset_on_close = true;
  ASSERT_TRUE(SetOptions(pair.first.get(), options).ok());
  pair.first.reset();
  ASSERT_TRUE(Await(pair.second.get(), POLLIN));
  char byte;
  EXPECT_TRUE(IsPeerGone(Receive(pair.second.get(), {&byte, 1}).status()));
}

TEST(SocketOptionsTest, AnErrorNamesTheOption) {
  const absl::Status status = SetOptions(-1, All());
  EXPECT_NE(status.message().find("TCP_NODELAY"), std::string::npos) << status;
}

TEST(SourceTest, AConnectionComesFromThere) {
  const UniqueFd listener = *Listen(Address("127.0.0.1:0"));
  const SocketAddress source = Address("127.0.0.2:0");
  const SocketAddress server = *LocalAddress(listener.get());
  const UniqueFd client = *Connect(server, &source);
  ASSERT_TRUE(Await(listener.get(), POLLIN));
  const Accepted accepted = **Accept(listener.get());
  EXPECT_EQ(accepted.peer.ToString(), LocalAddress(client.get())->ToString());
  EXPECT_EQ(accepted.peer.ToString().substr(0, 10), "127.0.0.2:");
  const SocketAddress nobodys = Address("192.0.2.1:0");
  EXPECT_FALSE(Connect(server, &nobodys).ok());
}

TEST(SourceTest, ADatagramComesFromThere) {
  // See wineserver's bind_to_iface_name.
  if (OnWine())
    GTEST_SKIP() << "Wine binds UDP to an interface, not an address";
  const SocketAddress source = Address("127.0.0.2:0");
  const UniqueFd service = *BindDatagram(Address("127.0.0.1:0"));
  const UniqueFd peer = *ConnectDatagram(*LocalAddress(service.get()), &source);
  EXPECT_EQ(LocalAddress(peer.get())->ToString().substr(0, 10), "127.0.0.2:");
  const SocketAddress nobodys = Address("192.0.2.1:0");
  EXPECT_FALSE(ConnectDatagram(*LocalAddress(service.get()), &nobodys).ok());
}

TEST(ParseAllTest, ANameMayHaveSeveralAddresses) {
  const auto all = *Endpoint::ParseAll("tcp:localhost:7");
  ASSERT_FALSE(all.empty());
  for (const Endpoint& endpoint : all) {
    EXPECT_EQ(endpoint.transport, Transport::kTcp);
    EXPECT_EQ(endpoint.address.port(), 7);
  }
  EXPECT_EQ(all[0].ToString(), Endpoint::Parse("tcp:localhost:7")->ToString());
  EXPECT_EQ(Endpoint::ParseAll("unix-dgram:/x")->size(), 1u);
  EXPECT_EQ(Endpoint::ParseAll("udp:[::1]:7")->size(), 1u);
  EXPECT_FALSE(Endpoint::ParseAll("udp:unix:/x").ok());
}

}  // namespace
}  // namespace isopoll
