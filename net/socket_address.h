// SocketAddress: where a socket listens or connects to.

#ifndef ISOPOLL_NET_SOCKET_ADDRESS_H_
#define ISOPOLL_NET_SOCKET_ADDRESS_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "isopoll/net/internal/socket_headers.h"

namespace isopoll {

// An IPv4, IPv6 or Unix-domain address. A value type.
class SocketAddress {
 public:
  // Parses one of
  //   127.0.0.1:8090     IPv4
  //   [::1]:8090         IPv6
  //   localhost:8090     a name, resolved now (may block); the first address
  //   unix:/path         Unix-domain, by path
  //   unix:@name         Unix-domain, abstract (Linux only)
  // Port 0 lets the kernel choose. InvalidArgument says which part is wrong
  // and what is expected; NotFound: a name that does not resolve.
  static absl::StatusOr<SocketAddress> Parse(absl::string_view text);

  // All addresses of a name, in the order in which they are to be tried; of
  // anything else the one.
  static absl::StatusOr<std::vector<SocketAddress>> ParseAll(
      absl::string_view text);

  // The address the kernel wrote; `length` as the kernel gave it.
  static SocketAddress FromKernel(const sockaddr_storage& storage,
                                  socklen_t length);

  // AF_INET, AF_INET6 or AF_UNIX.
  int family() const { return storage_.ss_family; }

  // The port in host byte order; 0 for Unix-domain addresses.
  int port() const;

  // For the system calls.
  const sockaddr* data() const {
    return reinterpret_cast<const sockaddr*>(&storage_);
  }
  socklen_t length() const { return length_; }

  // What Parse reads. The unnamed Unix-domain address, that of a client that
  // did not bind, prints as "unix:".
  std::string ToString() const;
  friend std::ostream& operator<<(std::ostream& out,
                                  const SocketAddress& address) {
    return out << address.ToString();
  }

 private:
  SocketAddress(const sockaddr_storage& storage, socklen_t length)
      : storage_(storage), length_(length) {}

  sockaddr_storage storage_;
  socklen_t length_;
};

}  // namespace isopoll

#endif  // ISOPOLL_NET_SOCKET_ADDRESS_H_
