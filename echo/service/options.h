// ServerOptions: what a server grants its clients, and how it ends.

#ifndef ISOPOLL_ECHO_SERVICE_OPTIONS_H_
#define ISOPOLL_ECHO_SERVICE_OPTIONS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "isopoll/net/options.h"

namespace isopoll::echo {

class ServerObserver;
struct SharedState;

inline SocketOptions EchoSocketOptions() {
  SocketOptions options;
  options.no_delay = true;
  options.urgent_inline = true;
  return options;
}

struct ServerOptions {
  // The most connections at a time, over all threads; 0: as many as there are
  // descriptors. A client too many is closed at once.
  uint64_t max_connections = 0;

  // The most that is pending for one connection, and so the memory it may take:
  // 1 to 64 MiB. A peer that does not read is not read from once this is full.
  // One turn of the loop reads no more than this from a connection.
  size_t buffer_bytes = 16 * 1024;

  // How long a connection may make no progress before it is closed, at the
  // latest a quarter later; positive. Progress is a byte received, a byte that
  // the kernel takes for the peer, or, of what the kernel has, a byte that the
  // peer's kernel acknowledges (unknown on macOS and the BSDs).
  absl::Duration idle_timeout = absl::InfiniteDuration();

  // How long Run goes on after Stop to send what is pending; zero: not at all.
  absl::Duration drain_timeout = absl::ZeroDuration();

  // Of connections: requests do not wait for the acknowledgement of what went
  // before them, and RFC 862 says whatever is sent, urgent bytes too.
  SocketOptions socket = EchoSocketOptions();

  // The most datagrams that one sender gets back in a second, but for those
  // that are not like an earlier one; 0: no limit. It ends what two services do
  // to each other if a forged sender has made them talk.
  uint64_t datagram_rate = 1000;

  // What a test of clients may need. Each piece is sent back so much later than
  // it was received, and what comes meanwhile waits.
  absl::Duration delay = absl::ZeroDuration();
  // A connection is reset after so many bytes were sent back; 0: never.
  uint64_t reset_after = 0;
  // Nothing is sent back.
  bool silent = false;

  // How soon accepting is tried again after descriptors ran out, if none of
  // the server's own was closed before; positive.
  absl::Duration accept_retry = absl::Milliseconds(100);

  // Told of everything that happens, if not null; must outlive the server.
  ServerObserver* observer = nullptr;

  // What several servers of a process share, if they do; must outlive them.
  SharedState* shared = nullptr;
};

// InvalidArgument says which option is out of its range.
absl::Status CheckOptions(const ServerOptions& options);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_OPTIONS_H_
