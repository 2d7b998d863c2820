#include "tests/echo/support/bad_server.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <utility>

#include "gtest/gtest.h"
#include "net/socket.h"

namespace isopoll::echo {

BadServer::BadServer(std::function<void(int fd)> behave)
    : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  ::fcntl(listener_.get(), F_SETFD, FD_CLOEXEC);
  const SocketAddress any = *SocketAddress::Parse("127.0.0.1:0");
  EXPECT_EQ(::bind(listener_.get(), any.data(), any.length()), 0);
  EXPECT_EQ(::listen(listener_.get(), 1), 0);
  thread_ = std::thread([this, behave = std::move(behave)] {
    const UniqueFd client(::accept(listener_.get(), nullptr, nullptr));
    behave(client.get());
  });
}

BadServer::~BadServer() { thread_.join(); }

SocketAddress BadServer::address() const {
  return *LocalAddress(listener_.get());
}

void SendTo(int fd, absl::string_view data) {
  EXPECT_EQ(::send(fd, data.data(), data.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(data.size()));
}

std::string ReceiveFrom(int fd, size_t size) {
  std::string data(size, '\0');
  const ssize_t count = ::recv(fd, &data[0], size, MSG_WAITALL);
  data.resize(count < 0 ? 0 : count);
  return data;
}

}  // namespace isopoll::echo
