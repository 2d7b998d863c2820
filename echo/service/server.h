// Server: the echo service (RFC 862) over any Poller, in one thread.

#ifndef ISOPOLL_ECHO_SERVICE_SERVER_H_
#define ISOPOLL_ECHO_SERVICE_SERVER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "echo/loop/acceptor.h"
#include "echo/loop/reactor.h"
#include "echo/loop/stoppable.h"
#include "echo/service/counters.h"
#include "echo/service/datagram_service.h"
#include "echo/service/observer.h"
#include "echo/service/options.h"
#include "echo/service/session.h"
#include "echo/service/shared_state.h"
#include "net/socket.h"
#include "net/unique_fd.h"
#include "poller/poller.h"

namespace isopoll::echo {

// Serves every connection that its listeners take, and every datagram that its
// datagram sockets receive, until stopped. One thread; a client that is slow,
// silent, or gone holds up nobody else.
//
// The Poller is the server's alone while Run is running.
class Server : public Stoppable, private Session::Owner {
 public:
  // `poller` must outlive the server. InvalidArgument: an option is out of its
  // range.
  static absl::StatusOr<std::unique_ptr<Server>> Create(
      Poller& poller, const ServerOptions& options = {});
  // The same with one listener.
  static absl::StatusOr<std::unique_ptr<Server>> Create(
      Poller& poller, UniqueFd listener, const ServerOptions& options = {});

  // Before Run: takes over a listening stream socket (see Listen). Of the
  // connections it brings, the server keeps one, hands the next to the first of
  // `others`, and so on in turn. They must have the same SharedState, and
  // outlive its Run.
  void AddListener(UniqueFd listener, std::vector<Server*> others = {});

  // Before Run: takes over a bound datagram socket (see BindDatagram).
  void AddDatagramSocket(UniqueFd socket);

  // Serves until Stop, then accepts nobody new, sends what is pending within
  // options.drain_timeout, closes every connection and returns OK. To be called
  // once. An error is one of the Poller or of a listener: what goes wrong with
  // a single connection ends that one only.
  absl::Status Run();

  void Stop() override;

  // From any thread.
  ServerStats stats() const { return counters_.Read(); }

  // To be used by the thread in Run, or before.
  Reactor& reactor() { return reactor_; }

 private:
  // A listener, and those to whom its connections are dealt out.
  class Listener : public Acceptor::Owner {
   public:
    Listener(Server& server, UniqueFd listener, std::vector<Server*> others)
        : acceptor(server.reactor_, *this, std::move(listener),
                   server.options_.accept_retry),
          server_(server),
          others_(std::move(others)) {}

    absl::Status OnAccepted(Accepted accepted) override;
    void OnPaused(const absl::Status& because, bool again) override {
      server_.counters_.accept_pauses.Add();
      if (!again) server_.observer_.OnAcceptPaused(because);
    }
    void OnResumed() override { server_.observer_.OnAcceptResumed(); }

    Acceptor acceptor;

   private:
    Server& server_;
    std::vector<Server*> others_;
    size_t next_ = 0;  // others_.size() is the server itself
  };
  using Sessions =
      absl::flat_hash_map<uint64_t, std::unique_ptr<Session>>;  // by number

  Server(Poller& poller, const ServerOptions& options);

  absl::Status Start();
  absl::Status Turn(absl::Duration at_most);
  absl::Status AcceptRest();
  absl::Status Drain();
  void CloseAll();
  void StopListening();

  absl::Status OnEnd(Session& session, Ending ending,
                     const absl::Status& status) override;
  absl::Status ResumeAccepting();

  // From another server's thread. False: this one takes nobody any more.
  bool HandOff(Accepted& accepted);
  std::vector<Accepted> TakeHandedOff();
  absl::Status AdmitHandedOff();
  void EndHandOff();
  absl::Status Admit(Accepted accepted);
  Counter& CounterOf(Ending ending);

  const ServerOptions options_;
  ServerObserver silent_;
  ServerObserver& observer_;
  SharedState own_state_;
  SharedState& state_;
  Counters counters_;
  Reactor reactor_;
  const Session::Shared shared_;
  const DatagramService::Shared datagram_shared_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::unique_ptr<DatagramService>> datagram_services_;
  Sessions sessions_;
  std::atomic<bool> stopping_{false};

  absl::Mutex mutex_;
  std::vector<Accepted> handed_off_ ABSL_GUARDED_BY(mutex_);
  bool hand_off_ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_SERVER_H_
