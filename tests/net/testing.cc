#include "tests/net/testing.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "net/internal/sys.h"

namespace isopoll {

bool Await(int fd, short events) {
  return IsOpen(fd) && sys::PollOne(fd, events, /*milliseconds=*/10000) == 1;
}

bool HasUnixSockets(int type) {
  return UniqueFd(internal::OpenSocket(AF_UNIX, type)).get() != -1;
}

SocketAddress Address(absl::string_view text) {
  absl::StatusOr<SocketAddress> address = SocketAddress::Parse(text);
  EXPECT_TRUE(address.ok()) << address.status();
  return *address;
}

void CloseWithReset(int fd) {
  const linger at_once = {1, 0};
  EXPECT_EQ(
      sys::SetSockOpt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)), 0);
  EXPECT_EQ(sys::Close(fd), 0);
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
