#include "tests/conformance/descriptors.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "net/pairs.h"
#include "net/unique_fd.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/kernel_expectations.h"

namespace isopoll {
namespace {

Ends FromSockets(SocketPairFds pair) {
  return {std::move(pair.first), std::move(pair.second)};
}

void SetNonBlocking(int fd) {
  EXPECT_EQ(::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK), 0)
      << std::strerror(errno);
}

UniqueFd NewInetSocket(int type) {
  UniqueFd fd(::socket(AF_INET, type, 0));
  EXPECT_TRUE(fd) << std::strerror(errno);
  SetNonBlocking(fd.get());
  return fd;
}

void BindToLoopback(int fd) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)),
            0)
      << std::strerror(errno);
}

// connect(2) of `fd` to where `to` is bound; its return value.
int ConnectTo(int fd, int to) {
  sockaddr_storage address;
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(::getsockname(to, generic, &length), 0) << std::strerror(errno);
  return ::connect(fd, generic, length);
}

}  // namespace

Ends NewTcp() { return FromSockets(TcpPair().value()); }

Ends NewUnixSocket(int type) { return FromSockets(SocketPair(type).value()); }

Ends NewPipe() {
  PipeFds pipe = Pipe().value();
  return {std::move(pipe.read_end), std::move(pipe.write_end)};
}

Ends NewPipeWriter() {
  PipeFds pipe = Pipe().value();
  return {std::move(pipe.write_end), std::move(pipe.read_end)};
}

Ends NewReadablePipe() {
  Ends pipe = NewPipe();
  Write(pipe.peer.get());
  return pipe;
}

UniqueFd NewHungUpPipe() { return std::move(NewPipe().fd); }

UniqueFd NewResetTcp() {
  Ends tcp = NewTcp();
  Reset(std::move(tcp.peer));
  Await(tcp.get(), kFailed);
  return std::move(tcp.fd);
}

UniqueFd NewHungUpUnixSocket() { return std::move(NewUnixSocket().fd); }

Ends NewRefusedUdp() {
  // The other socket is connected to itself: its port is taken, so that nobody
  // else can answer, and what we send there is refused.
  Ends udp = {NewInetSocket(SOCK_DGRAM), NewInetSocket(SOCK_DGRAM)};
  BindToLoopback(udp.peer.get());
  EXPECT_EQ(ConnectTo(udp.peer.get(), udp.peer.get()), 0);
  EXPECT_EQ(ConnectTo(udp.get(), udp.peer.get()), 0);
  Write(udp.get());
  Await(udp.get(), kFailed);
  return udp;
}

UniqueFd NewTcpSocket() { return NewInetSocket(SOCK_STREAM); }

UniqueFd NewBoundTcpSocket() {
  UniqueFd fd = NewTcpSocket();
  BindToLoopback(fd.get());
  return fd;
}

UniqueFd NewConnectionTo(int to) {
  UniqueFd fd = NewTcpSocket();
  if (ConnectTo(fd.get(), to) != 0) {
    EXPECT_EQ(errno, EINPROGRESS) << std::strerror(errno);
  }
  return fd;
}

UniqueFd ConnectAndAccept(int client) {
  UniqueFd listener = NewBoundTcpSocket();
  EXPECT_EQ(::listen(listener.get(), 1), 0) << std::strerror(errno);
  ConnectTo(client, listener.get());
  Await(listener.get(), POLLIN);
  UniqueFd accepted(::accept(listener.get(), nullptr, nullptr));
  EXPECT_TRUE(accepted) << std::strerror(errno);
  return accepted;
}

UniqueFd Open(const char* path, int flags) {
  UniqueFd fd(::open(path, O_RDONLY | O_CLOEXEC | flags));
  EXPECT_TRUE(fd) << path << ": " << std::strerror(errno);
  return fd;
}

UniqueFd NewRegularFile() {
  std::string path = testing::TempDir() + "isopoll_XXXXXX";
  UniqueFd fd(::mkstemp(path.data()));
  EXPECT_TRUE(fd) << path << ": " << std::strerror(errno);
  ::unlink(path.c_str());
  return fd;
}

std::vector<UniqueFd> NewAlwaysReadyFiles() {
  std::vector<UniqueFd> files;
  files.push_back(NewRegularFile());
  files.push_back(Open("/"));
  files.push_back(Open("/dev/null"));
  files.push_back(Open("/dev/zero"));
  return files;
}

void Write(int fd, size_t count) {
  const std::string bytes(count, '.');
  EXPECT_EQ(::write(fd, bytes.data(), count), static_cast<ssize_t>(count))
      << std::strerror(errno);
}

size_t Fill(int fd) {
  const std::string bytes(65536, '.');
  size_t total = 0;
  for (size_t chunk = bytes.size(); chunk > 0; chunk /= 2) {
    ssize_t written;
    while ((written = ::write(fd, bytes.data(), chunk)) > 0) total += written;
  }
  EXPECT_EQ(errno, EAGAIN) << std::strerror(errno);
  return total;
}

size_t Drain(int fd) {
  char bytes[65536];
  size_t total = 0;
  ssize_t received;
  while ((received = ::read(fd, bytes, sizeof(bytes))) > 0) total += received;
  return total;
}

void SendUrgent(int fd) {
  EXPECT_EQ(::send(fd, "!", 1, MSG_OOB), 1) << std::strerror(errno);
}

void AwaitUrgent(int fd) {
  EXPECT_TRUE(Eventually([fd] {
    fd_set priority;
    FD_ZERO(&priority);
    FD_SET(fd, &priority);
    timeval at_once = {};
    return ::select(fd + 1, nullptr, nullptr, &priority, &at_once) == 1;
  })) << "fd "
      << fd << " never got out-of-band data";
}

void Reset(UniqueFd fd) {
  const linger at_once = {/*l_onoff=*/1, /*l_linger=*/0};
  EXPECT_EQ(
      ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)),
      0);
}

void Await(int fd, int events) {
  EXPECT_TRUE(Eventually([&] {
    pollfd entry = {fd, static_cast<short>(events), 0};
    ::poll(&entry, 1, /*timeout=*/0);
    return (entry.revents & events) == events;
  })) << "fd "
      << fd << " never got the poll events " << events;
}

UniqueFd DuplicateTo(int fd, int number) {
  UniqueFd copy(::dup2(fd, number));
  EXPECT_TRUE(copy) << std::strerror(errno);
  return copy;
}

UniqueFd DuplicateFrom(int fd, int least) {
  UniqueFd copy(::fcntl(fd, F_DUPFD_CLOEXEC, least));
  EXPECT_TRUE(copy) << std::strerror(errno);
  return copy;
}

}  // namespace isopoll
