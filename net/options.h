// SocketOptions: how a socket behaves.

#ifndef ISOPOLL_NET_OPTIONS_H_
#define ISOPOLL_NET_OPTIONS_H_

#include "absl/status/status.h"

namespace isopoll {

struct SocketOptions {
  // TCP: small pieces go at once (TCP_NODELAY). Otherwise a piece may wait
  // until the peer has acknowledged the one before, on Linux for 40 ms.
  bool no_delay = false;

  // An urgent byte stays where it was sent, and is received like any other
  // (SO_OOBINLINE). Otherwise it is not part of the stream.
  bool urgent_inline = false;

  // Closing a TCP connection resets it (SO_LINGER of no time).
  bool reset_on_close = false;

  // How many bytes the kernel keeps for a peer that does not read, and for this
  // side if it does not (SO_SNDBUF, SO_RCVBUF). Linux takes twice as much. 0
  // leaves it to the kernel.
  int send_buffer_bytes = 0;
  int receive_buffer_bytes = 0;
};

// Sets what is asked for; what is for TCP does nothing to other sockets. Set on
// a listener, it holds for connections that are made from then on.
absl::Status SetOptions(int fd, const SocketOptions& options);

}  // namespace isopoll

#endif  // ISOPOLL_NET_OPTIONS_H_
