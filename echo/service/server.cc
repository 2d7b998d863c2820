#include "echo/service/server.h"

#include <utility>

#include "absl/memory/memory.h"
#include "echo/loop/clock.h"
#include "net/options.h"
#include "net/socket_address.h"

namespace isopoll::echo {
namespace {

// Stop is called from signal handlers, where a lock is not allowed.
static_assert(std::atomic<bool>::is_always_lock_free);

absl::Status Stopped() {
  return absl::CancelledError("the server was stopped");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Create(
    Poller& poller, const ServerOptions& options) {
  if (absl::Status status = CheckOptions(options); !status.ok()) return status;
  return absl::WrapUnique(new Server(poller, options));
}

absl::StatusOr<std::unique_ptr<Server>> Server::Create(
    Poller& poller, UniqueFd listener, const ServerOptions& options) {
  absl::StatusOr<std::unique_ptr<Server>> server = Create(poller, options);
  if (server.ok()) (*server)->AddListener(std::move(listener));
  return server;
}

Server::Server(Poller& poller, const ServerOptions& options)
    : options_(options),
      observer_(options.observer != nullptr ? *options.observer : silent_),
      state_(options.shared != nullptr ? *options.shared : own_state_),
      reactor_(poller),
      shared_{reactor_, options_, counters_, observer_, *this},
      datagram_shared_{reactor_, options_, state_, counters_, observer_} {}

void Server::AddListener(UniqueFd listener, std::vector<Server*> others) {
  listeners_.push_back(std::make_unique<Listener>(*this, std::move(listener),
                                                  std::move(others)));
}

void Server::AddDatagramSocket(UniqueFd socket) {
  const absl::StatusOr<SocketAddress> address = LocalAddress(socket.get());
  if (address.ok()) state_.AddDatagramAddress(*address);
  datagram_services_.push_back(
      std::make_unique<DatagramService>(datagram_shared_, std::move(socket)));
}

absl::Status Server::Run() {
  absl::Status status = Start();
  while (status.ok() && !stopping_) status = Turn(absl::InfiniteDuration());
  const bool drains = options_.drain_timeout > absl::ZeroDuration();
  if (status.ok() && drains) status = AcceptRest();
  StopListening();
  if (status.ok() && drains) status = Drain();
  CloseAll();
  return status;
}

void Server::Stop() {
  stopping_ = true;
  reactor_.poller().Wakeup();
}

absl::Status Server::Start() {
  for (const std::unique_ptr<Listener>& listener : listeners_) {
    absl::Status status = listener->acceptor.Start();
    if (!status.ok()) return status;
  }
  for (const std::unique_ptr<DatagramService>& service : datagram_services_) {
    if (absl::Status status = service->Start(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Server::Turn(absl::Duration at_most) {
  observer_.OnWaiting();
  bool woken = false;
  absl::Status status = reactor_.Turn(at_most, &woken);
  counters_.waits.Set(reactor_.turns());
  counters_.events.Set(reactor_.events());
  return status.ok() && woken ? AdmitHandedOff() : status;
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
  EndHandOff();
  absl::Status status = AdmitHandedOff();
  std::vector<Session*> sessions;  // each may end, itself only
  for (const auto& [number, session] : sessions_) {
    sessions.push_back(session.get());
  }
  for (Session* session : sessions) {
    if (status.ok()) status = session->Drain();
  }
  while (status.ok() && !sessions_.empty()) {
    const absl::Duration left = end - SteadyNow();
    if (left <= absl::ZeroDuration()) break;
    status = Turn(left);
  }
  return status;
}

void Server::StopListening() {
  for (const auto& listener : listeners_) listener->acceptor.Stop();
  for (const auto& service : datagram_services_) service->Stop();
}

void Server::CloseAll() {
  while (!sessions_.empty()) {
    // Nothing but Resume could fail, and nobody listens any more.
    OnEnd(*sessions_.begin()->second, Ending::kStopped, Stopped())
        .IgnoreError();
  }
  EndHandOff();
  for (const Accepted& accepted : TakeHandedOff()) {
    const uint64_t number = state_.NewNumber();
    counters_.accepted.Add();
    counters_.stopped.Add();
    observer_.OnConnection(number, accepted.peer);
    observer_.OnClosing(number, Ending::kStopped, Stopped());
    state_.ReleaseConnection();
  }
}

absl::Status Server::Listener::OnAccepted(Accepted accepted) {
  if (!server_.state_.AdmitConnection(server_.options_.max_connections)) {
    server_.counters_.refused.Add();
    server_.observer_.OnRefused(accepted.peer);
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

std::vector<Accepted> Server::TakeHandedOff() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(handed_off_, {});
}

absl::Status Server::AdmitHandedOff() {
  for (Accepted& accepted : TakeHandedOff()) {
    absl::Status status = Admit(std::move(accepted));
    // What this connection lacks, no pause of ours would free.
    if (!status.ok() && !absl::IsResourceExhausted(status)) return status;
  }
  return absl::OkStatus();
}

void Server::EndHandOff() {
  absl::MutexLock lock(&mutex_);
  hand_off_ended_ = true;
}

absl::Status Server::Admit(Accepted accepted) {
  const uint64_t number = state_.NewNumber();
  counters_.accepted.Add();
  observer_.OnConnection(number, accepted.peer);
  // Fails only for a peer that has gone, which will be seen.
  SetOptions(accepted.fd.get(), options_.socket).IgnoreError();
  auto session =
      std::make_unique<Session>(shared_, number, std::move(accepted.fd));
  const absl::Status status = session->Start();
  if (status.ok()) {
    sessions_.emplace(number, std::move(session));
    return absl::OkStatus();
  }
  // This client is lost, for it is no longer in the listener's queue.
  observer_.OnClosing(number, Ending::kFailed, status);
  counters_.failed.Add();
  state_.ReleaseConnection();
  return absl::IsResourceExhausted(status) ? status : absl::OkStatus();
}

absl::Status Server::OnEnd(Session& session, Ending ending,
                           const absl::Status& status) {
  observer_.OnClosing(session.number(), ending, status);
  CounterOf(ending).Add();
  sessions_.erase(session.number());
  state_.ReleaseConnection();
  return ResumeAccepting();
}

// There is a descriptor again.
absl::Status Server::ResumeAccepting() {
  for (const std::unique_ptr<Listener>& listener : listeners_) {
    absl::Status status = listener->acceptor.Resume();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

Counter& Server::CounterOf(Ending ending) {
  switch (ending) {
    case Ending::kFinished:
      return counters_.finished;
    case Ending::kReset:
      return counters_.reset;
    case Ending::kFailed:
      return counters_.failed;
    case Ending::kStopped:
      return counters_.stopped;
    case Ending::kIdle:
      break;
  }
  return counters_.idle;
}

}  // namespace isopoll::echo
