#include "tests/support/bind_anywhere.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace isopoll::tests {
namespace {

int Bind(int fd, const void* address, socklen_t length) {
  return ::bind(fd, static_cast<const sockaddr*>(address), length);
}

}  // namespace

absl::Status BindAnywhere(int fd) {
  int family = 0;
  socklen_t size = sizeof(family);
  if (::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) != 0) {
    return absl::ErrnoToStatus(errno, "getsockopt(SO_DOMAIN)");
  }
  sockaddr_in loopback = {};
  loopback.sin_family = AF_INET;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // For a Unix-domain socket, nothing but the family asks for a free name.
  const sa_family_t unnamed = AF_UNIX;
  const int bound = family == AF_UNIX ? Bind(fd, &unnamed, sizeof(unnamed))
                                      : Bind(fd, &loopback, sizeof(loopback));
  return bound == 0 ? absl::OkStatus() : absl::ErrnoToStatus(errno, "bind");
}

}  // namespace isopoll::tests
