#include "tests/echo/support/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdint>

#include "absl/time/time.h"
#include "echo/loop/timers.h"
#include "gtest/gtest.h"
#include "net/socket.h"

namespace isopoll::echo {
namespace {

constexpr int kSeconds = 30;

bool Await(int fd, short events, int milliseconds) {
  pollfd entry = {fd, events, 0};
  return ::poll(&entry, 1, milliseconds) == 1;
}

}  // namespace

Peer::Peer(const SocketAddress& server, int receive_buffer)
    : Peer(server, receive_buffer, /*connect=*/true) {}

Peer::Peer(const SocketAddress& server, int receive_buffer, bool connect)
    : fd_(::socket(server.family(), SOCK_STREAM, 0)) {
  ::fcntl(fd_.get(), F_SETFD, FD_CLOEXEC);
  const timeval bound = {kSeconds, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
  if (receive_buffer > 0) {
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                 sizeof receive_buffer);
  }
  if (connect) Connect(server);
}

void Peer::Connect(const SocketAddress& server) {
  if (server.family() == AF_UNIX) {
    // A name of its own (unix(7), "Autobind feature"), so that it can be told
    // from others.
    EXPECT_EQ(::bind(fd_.get(), server.data(), sizeof(sa_family_t)), 0);
  }
  EXPECT_EQ(::connect(fd_.get(), server.data(), server.length()), 0)
      << ::strerror(errno);
}

SocketAddress Peer::local() const { return *LocalAddress(fd_.get()); }

void Peer::Send(absl::string_view data) {
  while (!data.empty()) {
    const ssize_t count =
        ::send(fd_.get(), data.data(), data.size(), MSG_NOSIGNAL);
    ASSERT_GT(count, 0) << ::strerror(errno);
    data.remove_prefix(count);
  }
}

void Peer::SendOutOfBand(char byte) {
  ASSERT_EQ(::send(fd_.get(), &byte, 1, MSG_OOB | MSG_NOSIGNAL), 1)
      << ::strerror(errno);
}

size_t Peer::Flood(absl::string_view data, size_t limit,
                   const std::function<bool()>& enough) {
  size_t sent = 0;
  const absl::Duration deadline = SteadyNow() + absl::Seconds(kSeconds);
  while (sent < limit) {
    const absl::string_view rest = data.substr(sent % data.size());
    const ssize_t count = ::send(fd_.get(), rest.data(), rest.size(),
                                 MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) {
      sent += count;
      continue;
    }
    if (errno != EAGAIN || enough()) break;
    const bool passed = SteadyNow() >= deadline;
    EXPECT_FALSE(passed) << "the flood finds no end";
    if (passed) break;
    Await(fd_.get(), POLLOUT, 10);  // The kernel may yet move something on.
  }
  return sent;
}

std::string Peer::Receive(size_t count) {
  std::string data(count, '\0');
  size_t size = 0;
  while (size < count) {
    const ssize_t got = ::recv(fd_.get(), &data[size], count - size, 0);
    EXPECT_GE(got, 0) << ::strerror(errno);
    if (got <= 0) break;
    size += got;
  }
  data.resize(size);
  return data;
}

std::string Peer::ReceiveAll() {
  std::string all;
  for (;;) {
    const std::string piece = Receive(64 * 1024);
    all += piece;
    if (piece.size() < 64 * 1024) return all;
  }
}

std::string Peer::ReceiveAllUntilClosed() {
  std::string all;
  char buffer[4096];
  ssize_t got;
  while ((got = ::recv(fd_.get(), buffer, sizeof buffer, 0)) > 0) {
    all.append(buffer, got);
  }
  EXPECT_TRUE(got == 0 || errno == ECONNRESET) << ::strerror(errno);
  return all;
}

bool Peer::AtEnd() {
  char byte;
  return ::recv(fd_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

bool Peer::ServesOrCloses() {
  char byte = 'x';
  ::send(fd_.get(), &byte, 1, MSG_NOSIGNAL);
  return ::recv(fd_.get(), &byte, 1, 0) == 1;
}

void Peer::AwaitReadable() {
  EXPECT_TRUE(Await(fd_.get(), POLLIN, kSeconds * 1000));
}

bool Peer::Silent() { return !Await(fd_.get(), POLLIN, 0); }

void Peer::FinishSending() {
  EXPECT_EQ(::shutdown(fd_.get(), SHUT_WR), 0) << ::strerror(errno);
}

void Peer::Reset() {
  const linger at_once = {1, 0};
  EXPECT_EQ(
      ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once),
      0);
  fd_.reset();
}

Peers ConnectPeers(const SocketAddress& server, int count) {
  Peers peers(count);
  for (std::unique_ptr<Peer>& peer : peers) {
    peer = std::make_unique<Peer>(server);
  }
  return peers;
}

std::string Pattern(size_t size) {
  std::string data(size, '\0');
  uint32_t state = 1;
  for (char& byte : data) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return data;
}

}  // namespace isopoll::echo
