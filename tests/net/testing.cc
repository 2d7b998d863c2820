#include "tests/net/testing.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "net/socket_address.h"

namespace isopoll {

bool Await(int fd, short events) {
  pollfd entry = {fd, events, 0};
  int ready;
  do {
    ready = ::poll(&entry, 1, /*timeout=*/10000);
  } while (ready < 0 && errno == EINTR);
  return ready == 1 && (entry.revents & POLLNVAL) == 0;
}

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

bool HasFlags(int fd) {
  return (::fcntl(fd, F_GETFL) & O_NONBLOCK) != 0 &&
         (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

SocketAddress Address(absl::string_view text) {
  absl::StatusOr<SocketAddress> address = SocketAddress::Parse(text);
  EXPECT_TRUE(address.ok()) << address.status();
  return *address;
}

void CloseWithReset(int fd) {
  const linger at_once = {1, 0};
  EXPECT_EQ(::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)),
            0);
  EXPECT_EQ(::close(fd), 0);
}

ScratchDirectory::ScratchDirectory() : path_("/tmp/isopoll.XXXXXX") {
  EXPECT_NE(::mkdtemp(path_.data()), nullptr);
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
  EXPECT_FALSE(error) << error.message();
}

std::string ScratchDirectory::Path(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

}  // namespace isopoll
