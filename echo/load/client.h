// RunClient: an echo client that checks what it hears.

#ifndef ISOPOLL_ECHO_LOAD_CLIENT_H_
#define ISOPOLL_ECHO_LOAD_CLIENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "echo/load/observer.h"
#include "net/socket_address.h"
#include "poller/poller.h"

namespace isopoll::echo {

struct ClientOptions {
  // How many connections are open at the same time; at least 1.
  int connections = 1;

  // What each connection sends: the next once the one before has come back.
  std::vector<std::string> messages;

  // The most that the whole run may take; positive.
  absl::Duration timeout = absl::Seconds(10);

  // Told of everything that happens, if not null.
  ClientObserver* observer = nullptr;
};

struct ClientReport {
  int connections = 0;
  uint64_t bytes_echoed = 0;  // sent, received back, and found equal
};

// Opens the connections to `server`, sends, half-closes each when all is sent,
// checks that what comes back is what was sent, and returns when the server has
// closed them all. The first thing that goes wrong ends the run:
//   DataLoss           a byte is wrong, missing, or one too many
//   DeadlineExceeded   the time is up
//   Unavailable        the server refuses
//   ResourceExhausted  too many connections for this process
//   InvalidArgument    an option is out of its range
//   any other          what the Poller or a socket said
// One thread; `poller` is the client's alone for the time of the call, and has
// none of its registrations afterwards.
absl::StatusOr<ClientReport> RunClient(Poller& poller,
                                       const SocketAddress& server,
                                       const ClientOptions& options);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_CLIENT_H_
