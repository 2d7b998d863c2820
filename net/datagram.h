// Datagram sockets, UDP and Unix-domain: non-blocking and close-on-exec.

#ifndef ISOPOLL_NET_DATAGRAM_H_
#define ISOPOLL_NET_DATAGRAM_H_

#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll {

// A socket that receives what is sent to `address`; errors and PortUse as for
// Listen.
absl::StatusOr<UniqueFd> BindDatagram(const SocketAddress& address,
                                      PortUse use = PortUse::kAlone);

// A socket that sends to `address` and receives from there only. A Unix-domain
// one gets a name of its own, so that it can be answered; Unimplemented where
// the kernel gives none (all but Linux). Unavailable: nobody is there.
// With a `source` it sends from there; its port may be 0.
absl::StatusOr<UniqueFd> ConnectDatagram(const SocketAddress& address,
                                         const SocketAddress* source = nullptr);

struct Datagram {
  size_t bytes;        // how many are in the buffer; 0 is a datagram like any
  bool truncated;      // it was longer than the buffer; the rest is gone
  SocketAddress from;  // a Unix-domain sender without a name has none
};

// The next datagram, or nothing if there is none now. Unavailable: an earlier
// one could not be delivered (a connected socket only), see IsPeerGone.
absl::StatusOr<std::optional<Datagram>> ReceiveDatagram(
    int fd, absl::Span<char> buffer);

// What became of a datagram that was to be sent.
enum class Sent {
  kYes,
  kNoRoom,   // not now: here, or at a Unix-domain receiver
  kTooLong,  // more than the transport carries
};

// Sends `data` as one datagram, to `to` or, if that is null, to whom the socket
// is connected to. Unavailable: nobody is there, see IsPeerGone.
absl::StatusOr<Sent> SendDatagram(int fd, absl::string_view data,
                                  const SocketAddress* to = nullptr);

}  // namespace isopoll

#endif  // ISOPOLL_NET_DATAGRAM_H_
