#include "tests/conformance/descriptors.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "net/internal/sys.h"
#include "tests/conformance/kernel_expectations.h"

namespace isopoll {
namespace {

UniqueFd NewInetSocket(int type) {
  UniqueFd fd(internal::OpenSocket(AF_INET, type));
  EXPECT_TRUE(fd) << std::strerror(errno);
  return fd;
}

void BindToLoopback(int fd) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(
      sys::Bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0)
      << std::strerror(errno);
}

// What `connect`, of connect(2), makes of `fd` and where `to` is bound.
using ConnectCall = int(int fd, const sockaddr* address, socklen_t length);
int ConnectTo(int fd, int to, ConnectCall* connect = &sys::Connect) {
  sockaddr_storage address;
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(sys::GetSockName(to, generic, &length), 0) << std::strerror(errno);
  return connect(fd, generic, length);
}

// Of a UDP socket.
void ConnectAtOnceTo(int fd, int to) {
  EXPECT_EQ(ConnectTo(fd, to, &sys::ConnectAtOnce), 0) << std::strerror(errno);
}

}  // namespace

Ends NewTcp() {
  SocketPairFds pair = TcpPair().value();
  return {std::move(pair.first), std::move(pair.second)};
}

Ends NewReadablePipe() {
  Ends pipe = NewPipe();
  Feed(pipe);
  return pipe;
}

UniqueFd NewHungUpPipe() {
  Ends pipe = NewPipe();
  pipe.peer.reset();
  Await(pipe.get(), POLLHUP);
  return std::move(pipe.fd);
}

UniqueFd NewResetTcp() {
  Ends tcp = NewTcp();
  Reset(std::move(tcp.peer));
  Await(tcp.get(), kFailed);
  return std::move(tcp.fd);
}

UniqueFd NewHungUpSocket() {
  Ends socket = NewSocketPair();
  socket.peer.reset();
  Await(socket.get(), POLLHUP);
  return std::move(socket.fd);
}

Ends NewRefusedUdp() {
  // The other socket is connected to itself: its port is taken, so that nobody
  // else can answer, and what we send there is refused.
  Ends udp = {NewUdpSocket(), NewUdpSocket()};
  BindToLoopback(udp.peer.get());
  ConnectAtOnceTo(udp.peer.get(), udp.peer.get());
  ConnectAtOnceTo(udp.get(), udp.peer.get());
  Write(udp.get());
  if (kRefusedUdp.readable()) Await(udp.get(), kFailed);
  return udp;
}

UniqueFd NewTcpSocket() { return NewInetSocket(SOCK_STREAM); }

Ends NewUdp() {
  Ends udp = {NewUdpSocket(), NewUdpSocket()};
  BindToLoopback(udp.get());
  BindToLoopback(udp.peer.get());
  ConnectAtOnceTo(udp.get(), udp.peer.get());
  ConnectAtOnceTo(udp.peer.get(), udp.get());
  return udp;
}

UniqueFd NewUdpSocket() { return NewInetSocket(SOCK_DGRAM); }

UniqueFd NewBoundTcpSocket() {
  UniqueFd fd = NewTcpSocket();
  BindToLoopback(fd.get());
  return fd;
}

UniqueFd NewListener() {
  UniqueFd fd = NewBoundTcpSocket();
  EXPECT_EQ(sys::Listen(fd.get(), 1), 0) << std::strerror(errno);
  return fd;
}

UniqueFd NewConnectionTo(int to) {
  UniqueFd fd = NewTcpSocket();
  if (ConnectTo(fd.get(), to) != 0) {
    EXPECT_EQ(errno, EINPROGRESS) << std::strerror(errno);
  }
  return fd;
}

UniqueFd AcceptFrom(int listener) {
  sockaddr_storage address;
  socklen_t length = sizeof(address);
  UniqueFd accepted(internal::AcceptSocket(
      listener, reinterpret_cast<sockaddr*>(&address), &length));
  EXPECT_TRUE(accepted) << std::strerror(errno);
  return accepted;
}

UniqueFd ConnectAndAccept(int client) {
  const UniqueFd listener = NewListener();
  ConnectTo(client, listener.get());
  Await(listener.get(), POLLIN);
  return AcceptFrom(listener.get());
}

void Write(int fd, size_t count) {
  const std::string bytes(count, '.');
  EXPECT_EQ(WriteSome(fd, bytes.data(), count), static_cast<ptrdiff_t>(count))
      << std::strerror(errno);
}

void Feed(const Ends& ends, size_t count) {
  Write(ends.peer.get(), count);
  Await(ends.get(), POLLIN);
}

size_t Fill(int fd) {
  const std::string bytes(65536, '.');
  size_t total = 0;
  for (size_t chunk = bytes.size(); chunk > 0; chunk /= 2) {
    ptrdiff_t written;
    while ((written = WriteSome(fd, bytes.data(), chunk)) > 0) total += written;
  }
  EXPECT_EQ(errno, EAGAIN) << std::strerror(errno);
  return total;
}

size_t Drain(int fd) {
  char bytes[65536];
  size_t total = 0;
  ptrdiff_t received;
  while ((received = ReadSome(fd, bytes, sizeof(bytes))) > 0) total += received;
  return total;
}

void SendUrgent(int fd) {
  EXPECT_EQ(::send(fd, "!", 1, MSG_OOB), 1) << std::strerror(errno);
}

void TakeUrgent(int fd) {
  char byte;
  EXPECT_EQ(::recv(fd, &byte, 1, MSG_OOB), 1) << std::strerror(errno);
}

int TakeError(int fd) {
  int error = -1;
  socklen_t length = sizeof(error);
  EXPECT_EQ(sys::GetSockOpt(fd, SOL_SOCKET, SO_ERROR, &error, &length), 0)
      << std::strerror(errno);
  return error;
}

void Reset(UniqueFd fd) {
  const linger at_once = {/*l_onoff=*/1, /*l_linger=*/0};
  EXPECT_EQ(sys::SetSockOpt(fd.get(), SOL_SOCKET, SO_LINGER, &at_once,
                            sizeof(at_once)),
            0);
}

}  // namespace isopoll
