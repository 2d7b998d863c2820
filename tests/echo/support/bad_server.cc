#include "tests/echo/support/bad_server.h"

#include <cerrno>
#include <optional>
#include <utility>

#include "gtest/gtest.h"
#include "isopoll/net/socket.h"
#include "net/internal/sys.h"

namespace isopoll::echo {
namespace {

void Await(int fd, short events) {
  EXPECT_EQ(sys::PollOne(fd, events, /*milliseconds=*/-1), 1);
}

}  // namespace

BadServer::BadServer(std::function<void(int fd)> behave)
    : listener_(*Listen(*SocketAddress::Parse("127.0.0.1:0"), /*backlog=*/1)) {
  thread_ = std::thread([this, behave = std::move(behave)] {
    Await(listener_.get(), POLLIN);
    const std::optional<Accepted> client = *Accept(listener_.get());
    ASSERT_TRUE(client.has_value());
    behave(client->fd.get());
  });
}

BadServer::~BadServer() { thread_.join(); }

SocketAddress BadServer::address() const {
  return *LocalAddress(listener_.get());
}

void SendTo(int fd, absl::string_view data) {
  while (!data.empty()) {
    Await(fd, POLLOUT);
    const ptrdiff_t count = sys::Send(fd, data.data(), data.size());
    ASSERT_TRUE(count > 0 || errno == EAGAIN) << "errno " << errno;
    if (count > 0) data.remove_prefix(count);
  }
}

std::string ReceiveFrom(int fd, size_t size) {
  std::string data(size, '\0');
  size_t received = 0;
  while (received < size) {
    Await(fd, POLLIN);
    const ptrdiff_t count = sys::Recv(fd, &data[received], size - received);
    if (count < 0 && errno == EAGAIN) continue;
    if (count <= 0) break;
    received += count;
  }
  data.resize(received);
  return data;
}

}  // namespace isopoll::echo
