// Listen, Connect and Accept: stream sockets, all non-blocking and
// close-on-exec, none of which ever raises SIGPIPE when used with Send.

#ifndef ISOPOLL_NET_SOCKET_H_
#define ISOPOLL_NET_SOCKET_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll {

// A socket that listens on `address`. A TCP port in TIME_WAIT is taken over
// (SO_REUSEADDR; on Windows SO_EXCLUSIVEADDRUSE, without which anybody could
// take over a port in use). A Unix-domain path left over by a dead server, one
// that nobody listens on, is replaced; one in use is AlreadyExists, and so is a
// TCP port in use or a path that is not a socket's. To find out, a path's
// server is connected to and left at once. Two calls for one path at the same
// moment may both succeed; the later owns the path. An IPv6 address takes IPv6
// connections only, on every system. Closing the socket leaves the path in
// place.
//
// With kShared, several sockets may listen on one port if all say so, and the
// kernel deals the connections out among them (SO_REUSEPORT); so may another
// process of the same user. Unimplemented unless HasSharedPorts().
enum class PortUse { kAlone, kShared };
absl::StatusOr<UniqueFd> Listen(const SocketAddress& address,
                                int backlog = 1024,
                                PortUse use = PortUse::kAlone);
bool HasSharedPorts();

// A socket whose connection to `address` has begun, and perhaps finished. Wait
// until it is writable, then ask FinishConnect. A failure known at once, usual
// for Unix-domain addresses, has the codes of FinishConnect.
// With a `source`, the connection comes from there; its port may be 0.
absl::StatusOr<UniqueFd> Connect(const SocketAddress& address,
                                 const SocketAddress* source = nullptr);

// OK once the connection stands. Unavailable: it was refused or could not be
// made, with the reason; the socket is of no more use. PermissionDenied: the
// path's permissions or a packet filter forbid it. Takes the pending error
// (SO_ERROR), so ask once, when the socket is writable; before that the answer
// is FailedPrecondition.
absl::Status FinishConnect(int fd);

// Whether `fd` is a socket that connections can be accepted from.
bool IsListening(int fd);

struct Accepted {
  UniqueFd fd;
  SocketAddress peer;
};

// The next completed connection of `listener`, or nothing if there is none
// now. A connection that died in the queue (ECONNABORTED, and the network
// errors that accept(2) lists for Linux) is passed over. ResourceExhausted: out
// of descriptors or memory; the connection stays in the queue. Never blocks if
// `listener` is from Listen.
absl::StatusOr<std::optional<Accepted>> Accept(int listener);

// The address `fd` is bound to, with the port that the kernel chose.
absl::StatusOr<SocketAddress> LocalAddress(int fd);

// Says that nothing more will be sent; what was sent still arrives.
// Unavailable: the connection is gone already, see IsPeerGone.
absl::Status ShutdownWrite(int fd);

}  // namespace isopoll

#endif  // ISOPOLL_NET_SOCKET_H_
