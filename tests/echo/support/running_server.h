// RunningServer: an echo server in a thread of its own, with everything a test
// may want to look at.

#ifndef ISOPOLL_TESTS_ECHO_SUPPORT_RUNNING_SERVER_H_
#define ISOPOLL_TESTS_ECHO_SUPPORT_RUNNING_SERVER_H_

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "echo/service/server.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "tests/echo/support/probe_poller.h"
#include "tests/echo/support/transcript.h"
#include "tests/support/poller_kind.h"

namespace isopoll::echo {

// Listens at `endpoint` from the start; serves from Start until Stop
// or destruction, which expects that Run returned OK unless Stop was called.
class RunningServer {
 public:
  // The options' observer is told through the transcript.
  explicit RunningServer(const tests::PollerKind& kind,
                         ServerOptions options = {},
                         const std::string& endpoint = "tcp:127.0.0.1:0");
  ~RunningServer();

  void Start();
  // Stops the server and returns what Run returned.
  absl::Status Stop();
  // Waits for Run to return by itself.
  absl::Status Join();

  const SocketAddress& address() const { return *address_; }
  ProbePoller& poller() { return poller_; }
  Transcript& transcript() { return transcript_; }
  Server& server() { return *server_; }

  // After Stop or Join.
  ServerStats stats() const { return server_->stats(); }

 private:
  ProbePoller poller_;
  Transcript transcript_;
  std::optional<SocketAddress> address_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
  absl::Status status_;
};

// "accepted 2 finished 2 ...": all that does not depend on timing, of
// connections and, if there were any, of datagrams.
std::string ToString(const ServerStats& stats);

}  // namespace isopoll::echo

#endif  // ISOPOLL_TESTS_ECHO_SUPPORT_RUNNING_SERVER_H_
