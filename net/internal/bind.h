// How a socket of any type gets its name.

#ifndef ISOPOLL_NET_INTERNAL_BIND_H_
#define ISOPOLL_NET_INTERNAL_BIND_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll {
namespace internal {

// A socket of `type` (SOCK_STREAM, SOCK_DGRAM) for addresses like `address`.
absl::StatusOr<UniqueFd> OpenFor(const SocketAddress& address, int type);

// As OpenFor, bound to `address`. A TCP port in TIME_WAIT and a Unix-domain
// path that nobody serves are taken over; what is in use is AlreadyExists. An
// IPv6 socket takes IPv6 only. `share_port`: other sockets may bind the same
// port if they say so too; Unimplemented where the kernel would not deal out
// what arrives among them.
absl::StatusOr<UniqueFd> OpenAndBind(const SocketAddress& address, int type,
                                     bool share_port);

// As OpenFor, bound to `source` if that is not null.
absl::StatusOr<UniqueFd> OpenFrom(const SocketAddress* source,
                                  const SocketAddress& address, int type);

// What `error`, from `call` on `address`, comes to.
absl::Status BindError(const SocketAddress& address, absl::string_view call,
                       int error);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_NET_INTERNAL_BIND_H_
