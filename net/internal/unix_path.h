// RemoveLeftOver: makes room for a server at a path where another has died.

#ifndef ISOPOLL_NET_INTERNAL_UNIX_PATH_H_
#define ISOPOLL_NET_INTERNAL_UNIX_PATH_H_

#include "absl/status/status.h"
#include "isopoll/net/socket_address.h"

namespace isopoll {
namespace internal {

// Removes the socket at the path of `address`, which is in use, if no server is
// behind it. Only a connection shows that, for which `probe` is a new socket: a
// server that is alive sees it come and go. OK if it is worth while to bind
// again; AlreadyExists: there is something else than a socket.
absl::Status RemoveLeftOver(const SocketAddress& address, int probe);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_NET_INTERNAL_UNIX_PATH_H_
