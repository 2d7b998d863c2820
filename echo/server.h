// Server: the echo service (RFC 862) over any Poller.

#ifndef ISOPOLL_ECHO_SERVER_H_
#define ISOPOLL_ECHO_SERVER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "echo/acceptor.h"
#include "echo/connection.h"
#include "echo/observer.h"
#include "net/socket.h"
#include "net/unique_fd.h"
#include "poller/poller.h"

namespace isopoll::echo {

struct ServerOptions {
  // The most that one connection is owed, and so the memory it may take: 1 to
  // 64 MiB. A peer that does not read what it is owed is not read from.
  size_t buffer_bytes = 16 * 1024;

  // How soon accepting is tried again after descriptors ran out, if none of
  // the server's own was closed before; positive.
  absl::Duration accept_retry = absl::Milliseconds(100);

  // Told of everything that happens, if not null; must outlive the server.
  ServerObserver* observer = nullptr;
};

// What has happened since Run began.
struct ServerStats {
  uint64_t accepted = 0;  // the sum of the next four, once Run has returned
  uint64_t finished = 0;
  uint64_t reset = 0;
  uint64_t failed = 0;
  uint64_t stopped = 0;
  uint64_t bytes_received = 0;
  uint64_t bytes_sent = 0;
  uint64_t most_owed = 0;      // the most that was owed to one peer at once
  uint64_t waits = 0;          // how often Poller::Wait has returned
  uint64_t accept_pauses = 0;  // how often descriptors ran out
};

// Serves every connection that its listener takes, until stopped. One thread;
// a client that is slow, silent, or gone holds up nobody else.
//
// The Poller is the server's alone while Run is running: its tokens are the
// connection's numbers, and the listener's is 0. A number is used only once, so
// that an event can never be taken for that of a connection closed before.
class Server {
 public:
  // Takes over `listener`, a listening stream socket (see Listen). `poller`
  // must outlive the server. InvalidArgument: an option is out of its range.
  static absl::StatusOr<std::unique_ptr<Server>> Create(
      Poller& poller, UniqueFd listener, const ServerOptions& options = {});

  // Serves until Stop, then closes every connection and returns OK. To be
  // called once. An error is one of the Poller or of the listener: what goes
  // wrong with a single connection ends that one only.
  absl::Status Run();

  // Makes Run return, now or when it is called. May be called from any thread,
  // and from a signal handler.
  void Stop();

  // From the thread in Run (an observer's method, say), or when it is over.
  const ServerStats& stats() const { return stats_; }

 private:
  struct Peer {
    Connection connection;
    Interest registered;  // what the Poller watches for
  };
  using Peers = absl::flat_hash_map<Token, Peer>;

  Server(Poller& poller, UniqueFd listener, const ServerOptions& options);

  absl::Status Turn(absl::Span<Event> events);
  absl::Status Handle(const Event& event);

  absl::Status AcceptSome();
  absl::Status Admit(Accepted accepted);
  void TellIfPausedOrResumed();

  absl::Status Serve(Peers::iterator peer, Interest ready);
  absl::Status EchoOnce(Token token, Connection& connection, Interest ready);
  absl::Status UpdateInterest(Peers::iterator peer);
  absl::Status Close(Peers::iterator peer, Ending ending,
                     const absl::Status& status);
  absl::Status CloseAll();

  Poller& poller_;
  const ServerOptions options_;
  ServerObserver silent_;
  ServerObserver& observer_;
  Acceptor acceptor_;
  Peers peers_;
  Token last_token_ = 0;
  bool told_paused_ = false;
  ServerStats stats_;
  std::atomic<bool> stopping_{false};
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVER_H_
