// What only Windows does.

#include <winsock2.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "isopoll/net/datagram.h"
#include "isopoll/net/inherited.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "net/internal/errno_status.h"
#include "net/internal/sys.h"
#include "net/internal/winsock.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

// Before any socket, so the first test.
TEST(BeforeAllTest, NoNumberIsASocket) {
  const absl::Status status = LocalAddress(64).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_TRUE(
      absl::StartsWith(status.message(), "getsockname of fd 64: WSAENOTSOCK"))
      << status;
}

TEST(BeforeAllTest, NamesAreResolved) {
  EXPECT_TRUE(SocketAddress::Parse("localhost:7").ok());
}

TEST(WinsockErrorsTest, HaveAnErrno) {
  EXPECT_EQ(internal::ToErrno(WSAEWOULDBLOCK), EAGAIN);
  EXPECT_EQ(internal::ToErrno(WSAENOTSOCK), EBADF);
  EXPECT_EQ(internal::ToErrno(WSAESHUTDOWN), EPIPE);
  EXPECT_EQ(internal::ToErrno(WSAECONNREFUSED), ECONNREFUSED);
  EXPECT_EQ(internal::ToErrno(ERROR_PATH_NOT_FOUND), ENOENT);
  EXPECT_EQ(internal::ToErrno(WSA_NOT_ENOUGH_MEMORY), ENOMEM);
}

TEST(WinsockErrorsTest, AreTheirOwnErrnoWherePosixHasNone) {
  EXPECT_EQ(internal::ToErrno(WSATRY_AGAIN), WSATRY_AGAIN);
  EXPECT_EQ(internal::ToErrno(WSAETOOMANYREFS), WSAETOOMANYREFS);
  EXPECT_EQ(internal::FromErrno(WSAETOOMANYREFS), WSAETOOMANYREFS);
  EXPECT_EQ(internal::ToErrno(ERROR_BAD_LENGTH), EIO);
}

TEST(WinsockErrorsTest, AreDescribedByWhatTheyAreMostOften) {
  EXPECT_EQ(internal::FromErrno(EBADF), WSAENOTSOCK);
  EXPECT_EQ(internal::FromErrno(EINVAL), WSAEINVAL);
  EXPECT_EQ(internal::FromErrno(ENOTDIR), 0);
}

TEST(WinsockErrorsTest, FailureIsMinusOneAndAnErrno) {
  errno = 0;
  EXPECT_EQ(internal::FailWith(WSAENOTCONN), -1);
  EXPECT_EQ(errno, ENOTCONN);
  ::WSASetLastError(WSAEISCONN);
  EXPECT_EQ(internal::FailWithLastError(), -1);
  EXPECT_EQ(errno, EISCONN);
}

TEST(WinsockErrorsTest, AreNamedThenDescribed) {
  // In whatever language.
  const std::string refused = internal::Describe(WSAECONNREFUSED);
  EXPECT_TRUE(absl::StartsWith(refused, "WSAECONNREFUSED: ")) << refused;
  EXPECT_GT(refused.size(), sizeof("WSAECONNREFUSED: "));
  EXPECT_NE(refused.back(), '\n');
  EXPECT_EQ(internal::Describe(19999), "error 19999");
}

TEST(WinsockErrorsTest, WhatIsNotSupportedIsUnimplemented) {
  EXPECT_TRUE(absl::IsUnimplemented(sys::ErrnoStatus(EOPNOTSUPP, "call")));
}

TEST(WinsockErrorsTest, OthersAreWhatTheCLibrarySays) {
  EXPECT_EQ(sys::ErrnoStatus(ENOTDIR, "call"),
            absl::ErrnoToStatus(ENOTDIR, "call"));
}

TEST(WindowsSocketsTest, NumbersAreHandles) {
  EXPECT_EQ(internal::FromSocket(INVALID_SOCKET), -1);
  EXPECT_EQ(internal::ToSocket(-1), INVALID_SOCKET);
  EXPECT_EQ(internal::ToSocket(0x30), SOCKET{0x30});
}

TEST(WindowsSocketsTest, ThereAreNoPairsAndPipes) {
  EXPECT_TRUE(absl::IsUnimplemented(SocketPair(SOCK_STREAM).status()));
  EXPECT_TRUE(absl::IsUnimplemented(Pipe().status()));
}

TEST(WindowsSocketsTest, ThereAreNoUnixDatagrams) {
  EXPECT_FALSE(ConnectDatagram(Address("unix:C:/x")).ok());
}

TEST(WindowsSocketsTest, NobodyHandsSocketsOver) {
  ::_putenv_s("LISTEN_PID", absl::StrCat(::GetCurrentProcessId()).c_str());
  ::_putenv_s("LISTEN_FDS", "1");
  EXPECT_TRUE(TakeInheritedSockets()->empty());
}

TEST(WindowsSocketsTest, AConnectAtOnceWaitsForItsOutcome) {
  const UniqueFd listener = *Listen(Address("127.0.0.1:0"));
  const SocketAddress address = *LocalAddress(listener.get());
  const UniqueFd client(internal::OpenSocket(AF_INET, SOCK_STREAM));
  EXPECT_EQ(sys::ConnectAtOnce(client.get(), address.data(), address.length()),
            0);
  // A port that is bound, and nobody listens.
  const UniqueFd deaf(internal::OpenSocket(AF_INET, SOCK_STREAM));
  const SocketAddress any = Address("127.0.0.1:0");
  ASSERT_EQ(sys::Bind(deaf.get(), any.data(), any.length()), 0);
  const SocketAddress nobody = *LocalAddress(deaf.get());
  const UniqueFd refused(internal::OpenSocket(AF_INET, SOCK_STREAM));
  EXPECT_EQ(sys::ConnectAtOnce(refused.get(), nobody.data(), nobody.length()),
            -1);
  EXPECT_EQ(errno, ECONNREFUSED);
}

TEST(WindowsSocketsTest, AbstractNamesAreRefused) {
  EXPECT_TRUE(
      absl::IsInvalidArgument(SocketAddress::Parse("unix:@x").status()));
}

TEST(WindowsSocketsTest, ANameThatDoesNotResolveHasANamedError) {
  const absl::Status status =
      SocketAddress::Parse("no..such-host_1:8").status();
  EXPECT_TRUE(absl::StrContains(status.message(), "\"no..such-host_1\": WSA"))
      << status;
}

TEST(WindowsSocketsTest, NoPortIsShared) {
  EXPECT_FALSE(HasSharedPorts());
  EXPECT_TRUE(absl::IsUnimplemented(
      Listen(Address("127.0.0.1:0"), 5, PortUse::kShared).status()));
}

// Binds a socket with SO_REUSEADDR to where `fd` is.
int BindOver(const UniqueFd& fd, int type) {
  const SocketAddress address = *LocalAddress(fd.get());
  const UniqueFd thief(internal::OpenSocket(address.family(), type));
  const int on = 1;
  EXPECT_EQ(
      sys::SetSockOpt(thief.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)),
      0);
  return sys::Bind(thief.get(), address.data(), address.length());
}

TEST(WindowsSocketsTest, NobodyTakesAPortAway) {
  const UniqueFd listener = *Listen(Address("127.0.0.1:0"));
  EXPECT_EQ(BindOver(listener, SOCK_STREAM), -1);
  const UniqueFd service = *BindDatagram(Address("127.0.0.1:0"));
  EXPECT_EQ(BindOver(service, SOCK_DGRAM), -1);
}

TEST(WindowsSocketsTest, ADatagramThatOnePeerDoesNotTakeIsNoError) {
  const UniqueFd service = *BindDatagram(Address("127.0.0.1:0"));
  std::optional<UniqueFd> gone = *BindDatagram(Address("127.0.0.1:0"));
  const SocketAddress nobody = *LocalAddress(gone->get());
  gone.reset();
  ASSERT_EQ(*SendDatagram(service.get(), "x", &nobody), Sent::kYes);
  // What is sent next comes after the answer of the first.
  const SocketAddress self = *LocalAddress(service.get());
  ASSERT_EQ(*SendDatagram(service.get(), "y", &self), Sent::kYes);
  ASSERT_TRUE(Await(service.get(), POLLIN));
  char byte;
  const auto datagram = ReceiveDatagram(service.get(), {&byte, 1});
  ASSERT_TRUE(datagram.ok()) << datagram.status();
  EXPECT_EQ(byte, 'y');
}

TEST(WindowsSocketsTest, HowMuchIsUnsentIsNotKnown) {
  const SocketPairFds pair = *TcpPair();
  ASSERT_TRUE(Send(pair.first.get(), "x").ok());
  EXPECT_EQ(BytesUnsent(pair.first.get()), 0u);
}

}  // namespace
}  // namespace isopoll
