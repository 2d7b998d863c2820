// Endpoint: a transport and an address, as a user writes them.

#ifndef ISOPOLL_NET_ENDPOINT_H_
#define ISOPOLL_NET_ENDPOINT_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll {

enum class Transport { kTcp, kUdp, kUnix, kUnixDgram };

// "tcp", "udp", "unix" or "unix-dgram".
absl::string_view TransportName(Transport transport);

// Where a service is, or a client wants to go. A value type.
struct Endpoint {
  // Parses one of
  //   tcp:127.0.0.1:7007     also without "tcp:"
  //   udp:[::1]:7007
  //   unix:/path             a stream
  //   unix-dgram:/path
  // where the address is what SocketAddress::Parse reads, with its errors.
  static absl::StatusOr<Endpoint> Parse(absl::string_view text);

  // The same at each address of a name, in the order in which they are to be
  // tried.
  static absl::StatusOr<std::vector<Endpoint>> ParseAll(absl::string_view text);

  // That of a socket which is bound. InvalidArgument: no socket, or one of
  // another kind.
  static absl::StatusOr<Endpoint> OfSocket(int fd);

  // Whether connections are made, with a stream of bytes each.
  bool is_stream() const {
    return transport == Transport::kTcp || transport == Transport::kUnix;
  }

  // What Parse reads, the transport always in front.
  std::string ToString() const;
  friend std::ostream& operator<<(std::ostream& out, const Endpoint& endpoint) {
    return out << endpoint.ToString();
  }

  Transport transport;
  SocketAddress address;
};

// A socket that serves `endpoint`: Listen or BindDatagram.
absl::StatusOr<UniqueFd> BindEndpoint(const Endpoint& endpoint,
                                      PortUse use = PortUse::kAlone);

}  // namespace isopoll

#endif  // ISOPOLL_NET_ENDPOINT_H_
