// Server: the echo service (RFC 862) over any Poller, in one thread.

#ifndef ISOPOLL_ECHO_SERVICE_SERVER_H_
#define ISOPOLL_ECHO_SERVICE_SERVER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "echo/loop/reactor.h"
#include "echo/loop/stoppable.h"
#include "echo/service/context.h"
#include "echo/service/counters.h"
#include "echo/service/datagram_service.h"
#include "echo/service/observer.h"
#include "echo/service/options.h"
#include "echo/service/session.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

namespace isopoll::echo {

// Serves every connection that its listeners take, and every datagram that its
// datagram sockets receive, until stopped. One thread; a client that is slow,
// silent, or gone holds up nobody else.
//
// The Poller is the server's alone.
class Server : public Stoppable, private Session::Owner {
 public:
  // `poller` must outlive the server. InvalidArgument: an option is out of its
  // range.
  static absl::StatusOr<std::unique_ptr<Server>> Create(
      Poller& poller, const ServerOptions& options = {});
  ~Server() override;

  // Before Run: takes over a listening stream socket (see Listen) or a bound
  // datagram socket (see BindDatagram). Of the connections that a listener
  // brings, the server keeps one, hands the next to the first of `others`, and
  // so on in turn. They must have the same SharedState, and outlive its Run.
  absl::Status Add(UniqueFd socket, std::vector<Server*> others = {});

  // Serves until Stop, then accepts nobody new, sends what is pending within
  // options.drain_timeout, closes every connection and returns OK. To be called
  // once. An error is one of the Poller or of a listener: what goes wrong with
  // a single connection ends that one only.
  absl::Status Run();

  void Stop() override;

  // As of the last turn of the loop. From any thread.
  ServerStats stats() const {
    absl::MutexLock lock(&mutex_);
    return published_;
  }

  // To be used by the thread in Run, or before.
  Reactor& reactor() { return reactor_; }

 private:
  class Listener;

  Server(Poller& poller, const ServerOptions& options);

  absl::Status Turn(absl::Duration at_most);
  absl::Status AcceptRest();
  absl::Status Drain();

  // From another server's thread. False: this one takes nobody any more.
  bool HandOff(Accepted& accepted);
  absl::Status AdmitHandedOff(bool is_last);
  absl::Status Admit(Accepted accepted);
  absl::Status OnEnd(Session& session, Ending ending,
                     const absl::Status& status) override;
  void Publish();

  const ServerOptions options_;
  ServerObserver silent_;
  SharedState own_state_;
  ServerStats stats_;
  Reactor reactor_;
  const ServerContext context_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::unique_ptr<DatagramService>> datagram_services_;
  absl::flat_hash_map<uint64_t, std::unique_ptr<Session>>
      sessions_;  // by number
  std::atomic<bool> stopping_{false};

  mutable absl::Mutex mutex_;
  ServerStats published_ ABSL_GUARDED_BY(mutex_);
  std::vector<Accepted> handed_off_ ABSL_GUARDED_BY(mutex_);
  bool hand_off_ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_SERVER_H_
