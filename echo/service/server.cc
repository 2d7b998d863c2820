#include "echo/service/server.h"

#include <utility>

#include "absl/memory/memory.h"
#include "echo/loop/acceptor.h"
#include "echo/loop/timers.h"
#include "isopoll/net/options.h"
#include "isopoll/net/socket_address.h"

namespace isopoll::echo {

// Stop is called from signal handlers, where a lock is not allowed.
static_assert(std::atomic<bool>::is_always_lock_free);

// A listener, and those to whom its connections are dealt out.
class Server::Listener : public Acceptor::Owner {
 public:
  Listener(Server& server, UniqueFd listener, std::vector<Server*> others)
      : acceptor(server.reactor_, *this, std::move(listener),
                 server.options_.accept_retry),
        server_(server),
        others_(std::move(others)) {}

  absl::Status OnAccepted(Accepted accepted) override;
  void OnPaused(const absl::Status& because) override {
    ++server_.stats_.accept_pauses;
    server_.context_.observer.OnAcceptPaused(because);
  }
  void OnResumed() override { server_.context_.observer.OnAcceptResumed(); }

  Acceptor acceptor;

 private:
  Server& server_;
  const std::vector<Server*> others_;
  size_t next_ = 0;  // others_.size() is the server itself
};

absl::StatusOr<std::unique_ptr<Server>> Server::Create(
    Poller& poller, const ServerOptions& options) {
  if (absl::Status status = CheckOptions(options); !status.ok()) return status;
  return absl::WrapUnique(new Server(poller, options));
}

Server::Server(Poller& poller, const ServerOptions& options)
    : options_(options),
      reactor_(poller),
      context_{reactor_, options_,
               options.shared != nullptr ? *options.shared : own_state_, stats_,
               options.observer != nullptr ? *options.observer : silent_} {}

Server::~Server() = default;

absl::Status Server::Add(UniqueFd socket, std::vector<Server*> others) {
  if (IsListening(socket.get())) {
    listeners_.push_back(std::make_unique<Listener>(*this, std::move(socket),
                                                    std::move(others)));
    return listeners_.back()->acceptor.Start();
  }
  const absl::StatusOr<SocketAddress> address = LocalAddress(socket.get());
  if (!address.ok()) return address.status();
  context_.state.datagram_addresses.push_back(*address);
  datagram_services_.push_back(
      std::make_unique<DatagramService>(context_, std::move(socket)));
  return datagram_services_.back()->Start();
}

absl::Status Server::Run() {
  absl::Status status;
  while (status.ok() && !stopping_) status = Turn(absl::InfiniteDuration());
  const bool drains = options_.drain_timeout > absl::ZeroDuration();
  if (status.ok() && drains) status = AcceptRest();
  listeners_.clear();
  datagram_services_.clear();
  status.Update(AdmitHandedOff(/*is_last=*/true));
  if (status.ok() && drains) status = Drain();
  while (!sessions_.empty()) {
    status.Update(
        OnEnd(*sessions_.begin()->second, Ending::kStopped, StoppedError()));
  }
  Publish();
  return status;
}

void Server::Stop() {
  stopping_ = true;
  reactor_.poller().Wakeup();
}

absl::Status Server::Turn(absl::Duration at_most) {
  context_.observer.OnWaiting();
  absl::Status status = reactor_.Turn(at_most);
  if (status.ok()) status = AdmitHandedOff(/*is_last=*/false);
  stats_.waits = reactor_.turns();
  stats_.events = reactor_.events();
  Publish();
  return status;
}

// To close a listener resets those whose connections the kernel has completed.
absl::Status Server::AcceptRest() {
  for (const std::unique_ptr<Listener>& listener : listeners_) {
    absl::Status status = listener->acceptor.AcceptRest();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Server::Drain() {
  const absl::Duration end = SteadyNow() + options_.drain_timeout;
  std::vector<Session*> sessions;  // each may end, itself only
  for (const auto& [number, session] : sessions_) {
    sessions.push_back(session.get());
  }
  absl::Status status;
  for (Session* session : sessions) {
    if (status.ok()) status = session->Drain();
  }
  while (status.ok() && !sessions_.empty() && SteadyNow() < end) {
    status = Turn(end - SteadyNow());
  }
  return status;
}

absl::Status Server::Listener::OnAccepted(Accepted accepted) {
  std::atomic<uint64_t>& connections = server_.context_.state.connections;
  const uint64_t most = server_.options_.max_connections;
  if (connections++ >= most && most > 0) {
    --connections;
    ++server_.stats_.refused;
    server_.context_.observer.OnRefused(accepted.peer);
    return absl::OkStatus();
  }
  const size_t whose = next_;
  next_ = (next_ + 1) % (others_.size() + 1);
  if (whose < others_.size() && others_[whose]->HandOff(accepted)) {
    return absl::OkStatus();
  }
  return server_.Admit(std::move(accepted));
}

bool Server::HandOff(Accepted& accepted) {
  {
    absl::MutexLock lock(&mutex_);
    if (hand_off_ended_) return false;
    handed_off_.push_back(std::move(accepted));
  }
  reactor_.poller().Wakeup();
  return true;
}

absl::Status Server::AdmitHandedOff(bool is_last) {
  std::vector<Accepted> handed_off;
  {
    absl::MutexLock lock(&mutex_);
    hand_off_ended_ = is_last;
    handed_off.swap(handed_off_);
  }
  for (Accepted& accepted : handed_off) {
    absl::Status status = Admit(std::move(accepted));
    // What this connection lacks, no pause of ours would free.
    if (!status.ok() && !absl::IsResourceExhausted(status)) return status;
  }
  return absl::OkStatus();
}

absl::Status Server::Admit(Accepted accepted) {
  const uint64_t number = ++context_.state.last_number;
  ++stats_.accepted;
  context_.observer.OnConnection(number, accepted.peer);
  // Fails only for a peer that has gone, which will be seen.
  SetOptions(accepted.fd.get(), options_.socket).IgnoreError();
  Session::Owner& owner = *this;
  auto owned = std::make_unique<Session>(context_, owner, number,
                                         std::move(accepted.fd));
  Session& session = *owned;
  sessions_.emplace(number, std::move(owned));
  absl::Status status = session.Start();
  if (status.ok()) return status;
  // This client is lost, for it is no longer in the listener's queue.
  absl::Status ended = OnEnd(session, Ending::kFailed, status);
  return absl::IsResourceExhausted(status) ? status : ended;
}

absl::Status Server::OnEnd(Session& session, Ending ending,
                           const absl::Status& status) {
  context_.observer.OnClosing(session.number(), ending, status);
  ++(stats_.*StatisticOf(ending).value);
  sessions_.erase(session.number());
  --context_.state.connections;
  // There is a descriptor again.
  for (const std::unique_ptr<Listener>& listener : listeners_) {
    absl::Status resumed = listener->acceptor.Resume();
    if (!resumed.ok()) return resumed;
  }
  return absl::OkStatus();
}

void Server::Publish() {
  absl::MutexLock lock(&mutex_);
  published_ = stats_;
}

}  // namespace isopoll::echo
