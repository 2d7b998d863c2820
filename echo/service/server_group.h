// ServerGroup: the echo service on as many threads as wanted.

#ifndef ISOPOLL_ECHO_SERVICE_SERVER_GROUP_H_
#define ISOPOLL_ECHO_SERVICE_SERVER_GROUP_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "echo/loop/stoppable.h"
#include "echo/service/context.h"
#include "echo/service/counters.h"
#include "echo/service/server.h"
#include "isopoll/backend.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

namespace isopoll::echo {

struct GroupOptions {
  // For each server; `shared` is the group's own to set.
  ServerOptions server;
  int threads = 1;                 // 1 to 1024
  std::optional<Backend> backend;  // DefaultBackend() if not set
  // Whether the threads share a port, and the kernel deals out what arrives; if
  // not, the first thread accepts connections and deals them out itself.
  bool share_ports = HasSharedPorts();
};

// One Server with a Poller of its own in each thread.
class ServerGroup : public Stoppable {
 public:
  // InvalidArgument: an option is out of its range. Other errors are those of
  // Poller::Create.
  static absl::StatusOr<std::unique_ptr<ServerGroup>> Create(
      const GroupOptions& options);

  // Before Run: serves `endpoint`, and returns where that is, with the port
  // that the kernel chose. Errors are those of BindEndpoint.
  absl::StatusOr<Endpoint> Serve(const Endpoint& endpoint);

  // Before Run: takes over a listening stream socket or a bound datagram
  // socket. InvalidArgument: it is neither.
  absl::StatusOr<Endpoint> Adopt(UniqueFd socket);

  // Serves until Stop, as Server::Run. The caller's thread is one of those
  // that serve. The first error of any ends all.
  absl::Status Run();

  void Stop() override;

  // What all have done. From any thread.
  ServerStats stats() const;
  // How many connections there are now.
  uint64_t connections() const { return state_.connections; }

  // That of the thread in Run.
  Reactor& reactor() { return members_[0].server->reactor(); }
  Backend backend() const { return members_[0].poller->backend(); }

 private:
  struct Member {
    std::unique_ptr<Poller> poller;
    std::unique_ptr<Server> server;
  };

  explicit ServerGroup(const GroupOptions& options) : options_(options) {}

  absl::Status AddMember();

  const GroupOptions options_;
  SharedState state_;
  std::vector<Member> members_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_SERVER_GROUP_H_
