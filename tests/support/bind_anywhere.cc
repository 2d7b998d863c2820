#include "tests/support/bind_anywhere.h"

#include <cerrno>

#include "net/internal/sys.h"
#include "tests/support/numbers.h"

namespace isopoll::tests {
namespace {

int BindToLoopback(int fd) {
  sockaddr_in loopback = {};
  loopback.sin_family = AF_INET;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return sys::Bind(fd, reinterpret_cast<sockaddr*>(&loopback),
                   sizeof(loopback));
}

// Nothing but the family asks for a free name.
int BindToFreeName(int fd) {
  sockaddr unnamed = {};
  unnamed.sa_family = AF_UNIX;
  return sys::Bind(fd, &unnamed, sizeof(unnamed.sa_family));
}

}  // namespace

absl::Status BindAnywhere(int fd) {
  const int bound = IsUnixSocket(fd) ? BindToFreeName(fd) : BindToLoopback(fd);
  return bound == 0 ? absl::OkStatus() : absl::ErrnoToStatus(errno, "bind");
}

}  // namespace isopoll::tests
