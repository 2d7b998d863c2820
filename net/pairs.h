// Connected pairs of descriptors, non-blocking and close-on-exec. An error is
// what the kernel said, naming the system call: ResourceExhausted, say, when
// there are no descriptors left.

#ifndef ISOPOLL_NET_PAIRS_H_
#define ISOPOLL_NET_PAIRS_H_

#include "absl/status/statusor.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll {

struct SocketPairFds {
  UniqueFd first;
  UniqueFd second;
};

struct PipeFds {
  UniqueFd read_end;
  UniqueFd write_end;
};

// Two connected Unix-domain sockets. `type`: SOCK_STREAM, SOCK_DGRAM or, where
// the system has it, SOCK_SEQPACKET. Unimplemented on Windows.
absl::StatusOr<SocketPairFds> SocketPair(int type);

// Two connected TCP sockets over 127.0.0.1: `first` connected, `second` was
// accepted. Waits for the handshake, which the kernel completes at once on
// loopback; DeadlineExceeded after 10 s without.
absl::StatusOr<SocketPairFds> TcpPair();

// Unimplemented on Windows, whose pipes are no sockets.
absl::StatusOr<PipeFds> Pipe();

}  // namespace isopoll

#endif  // ISOPOLL_NET_PAIRS_H_
