#include "tests/echo/support/peer.h"

#include <cerrno>
#include <cstdint>

#include "absl/time/time.h"
#include "echo/loop/timers.h"
#include "gtest/gtest.h"
#include "isopoll/net/socket.h"
#include "net/internal/descriptors.h"
#include "net/internal/sys.h"

namespace isopoll::echo {
namespace {

constexpr int kSeconds = 30;

// Whether one of `events` holds, or the connection is broken, before the time
// is up.
bool Await(const UniqueFd& fd, short events) {
  return sys::PollOne(fd.get(), events, kSeconds * 1000) == 1;
}

// As recv(2) of a socket that blocks.
ptrdiff_t BlockingRecv(const UniqueFd& fd, char* data, size_t size) {
  ptrdiff_t count = -1;
  errno = EAGAIN;
  while (count < 0 && errno == EAGAIN && Await(fd, POLLIN)) {
    count = sys::Recv(fd.get(), data, size);
  }
  return count;
}

}  // namespace

Peer::Peer(const SocketAddress& server, int receive_buffer)
    : Peer(server, receive_buffer, /*connect=*/true) {}

Peer::Peer(const SocketAddress& server, int receive_buffer, bool connect)
    : fd_(internal::OpenSocket(server.family(), SOCK_STREAM)) {
  if (receive_buffer > 0) {
    sys::SetSockOpt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                    sizeof receive_buffer);
  }
  if (connect) Connect(server);
}

void Peer::Connect(const SocketAddress& server) {
  if (server.family() == AF_UNIX) {
    // A name of its own (unix(7), "Autobind feature"), so that it can be told
    // from others.
    EXPECT_EQ(sys::Bind(fd_.get(), server.data(), sizeof(sa_family_t)), 0);
  }
  if (sys::Connect(fd_.get(), server.data(), server.length()) == 0) return;
  EXPECT_EQ(errno, EINPROGRESS);
  EXPECT_TRUE(Await(fd_, POLLOUT));
  EXPECT_EQ(FinishConnect(fd_.get()), absl::OkStatus());
}

SocketAddress Peer::local() const { return *LocalAddress(fd_.get()); }

void Peer::Send(absl::string_view data) {
  while (!data.empty()) {
    ASSERT_TRUE(Await(fd_, POLLOUT));
    const ptrdiff_t count = sys::Send(fd_.get(), data.data(), data.size());
    ASSERT_TRUE(count > 0 || errno == EAGAIN) << "errno " << errno;
    if (count > 0) data.remove_prefix(count);
  }
}

void Peer::SendOutOfBand(char byte) {
  ASSERT_EQ(::send(fd_.get(), &byte, 1, MSG_OOB | internal::kSendFlags), 1)
      << "errno " << errno;
}

size_t Peer::Flood(absl::string_view data, size_t limit,
                   const std::function<bool()>& enough) {
  size_t sent = 0;
  const absl::Duration deadline = SteadyNow() + absl::Seconds(kSeconds);
  while (sent < limit) {
    const absl::string_view rest = data.substr(sent % data.size());
    const ptrdiff_t count = sys::Send(fd_.get(), rest.data(), rest.size());
    if (count > 0) {
      sent += count;
      continue;
    }
    if (errno != EAGAIN || enough()) break;
    const bool passed = SteadyNow() >= deadline;
    EXPECT_FALSE(passed) << "the flood finds no end";
    if (passed) break;
    sys::PollOne(fd_.get(), POLLOUT,
                 10);  // The kernel may yet move something on.
  }
  return sent;
}

std::string Peer::Receive(size_t count) {
  std::string data(count, '\0');
  size_t size = 0;
  while (size < count) {
    const ptrdiff_t got = BlockingRecv(fd_, &data[size], count - size);
    EXPECT_GE(got, 0) << "errno " << errno;
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
  ptrdiff_t got;
  while ((got = BlockingRecv(fd_, buffer, sizeof buffer)) > 0) {
    all.append(buffer, got);
  }
  EXPECT_TRUE(got == 0 || errno == ECONNRESET) << "errno " << errno;
  return all;
}

bool Peer::AtEnd() {
  char byte;
  return ::recv(fd_.get(), &byte, 1, MSG_PEEK) == 0;
}

bool Peer::ServesOrCloses() {
  char byte = 'x';
  sys::Send(fd_.get(), &byte, 1);
  return BlockingRecv(fd_, &byte, 1) == 1;
}

void Peer::AwaitReadable() { EXPECT_TRUE(Await(fd_, POLLIN)); }

bool Peer::Silent() { return sys::PollOne(fd_.get(), POLLIN, 0) == 0; }

void Peer::FinishSending() {
  EXPECT_EQ(sys::Shutdown(fd_.get(), SHUT_WR), 0) << "errno " << errno;
}

void Peer::Reset() {
  const linger at_once = {1, 0};
  EXPECT_EQ(sys::SetSockOpt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once,
                            sizeof at_once),
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
