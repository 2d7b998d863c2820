// What the parts of a server have in common, and the servers of a process.

#ifndef ISOPOLL_ECHO_SERVICE_CONTEXT_H_
#define ISOPOLL_ECHO_SERVICE_CONTEXT_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "echo/loop/reactor.h"
#include "echo/service/counters.h"
#include "echo/service/observer.h"
#include "echo/service/options.h"
#include "isopoll/net/socket_address.h"

namespace isopoll::echo {

// Of the servers of one process. Thread-safe, but for datagram_addresses, which
// is filled before any of them serves.
struct SharedState {
  std::atomic<uint64_t> connections{0};           // open now
  std::atomic<uint64_t> last_number{0};           // of a connection, from 1
  std::vector<SocketAddress> datagram_addresses;  // that datagrams go to
};

// Of one server, whose parts it outlives. Used from one thread at a time.
struct ServerContext {
  Reactor& reactor;
  const ServerOptions& options;
  SharedState& state;
  ServerStats& stats;
  ServerObserver& observer;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_CONTEXT_H_
