#include "echo/service/server.h"

#include <algorithm>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "echo/loop/deadline.h"

namespace isopoll::echo {
namespace {

// How soon those who are held look again whether another thread's peers have
// paid what they owe. This thread's own are noticed at once.
constexpr absl::Duration kHeldRetry = absl::Milliseconds(10);

// Stop is called from signal handlers, where a lock is not allowed.
static_assert(std::atomic<bool>::is_always_lock_free);

absl::Status Check(const ServerOptions& options) {
  absl::Status status = CheckLimits(options.limits);
  if (!status.ok()) return status;
  if (options.accept_retry <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("accepting must be tried again after a positive time, "
                     "not after ",
                     absl::FormatDuration(options.accept_retry)));
  }
  if (options.drain < absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the drain time must not be negative: ",
                     absl::FormatDuration(options.drain)));
  }
  return absl::OkStatus();
}

absl::Status Stopped() {
  return absl::CancelledError("the server was stopped");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Create(
    Poller& poller, const ServerOptions& options) {
  if (absl::Status status = Check(options); !status.ok()) return status;
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
      usage_(options.usage != nullptr ? *options.usage : own_usage_),
      reactor_(poller),
      shared_{reactor_, options_.limits, usage_, counters_, observer_, *this} {}

void Server::AddListener(UniqueFd listener, std::vector<Server*> others) {
  doors_.push_back(
      std::make_unique<Door>(*this, std::move(listener), std::move(others)));
}

void Server::AddDatagramSocket(UniqueFd socket) {
  datagram_services_.push_back(std::make_unique<DatagramService>(
      reactor_, std::move(socket), counters_, observer_));
}

absl::Status Server::Run() {
  absl::Status status = Start();
  while (status.ok() && !stopping_) status = Turn(absl::InfiniteDuration());
  StopListening();
  if (status.ok()) status = Drain();
  CloseAll();
  return status;
}

void Server::Stop() {
  stopping_ = true;
  reactor_.poller().Wakeup();
}

ServerStats Server::stats() const { return counters_.Read(); }

absl::Status Server::Start() {
  for (const std::unique_ptr<Door>& door : doors_) {
    absl::Status status = door->acceptor.Start();
    if (!status.ok()) return status;
  }
  for (const std::unique_ptr<DatagramService>& service : datagram_services_) {
    if (absl::Status status = service->Start(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Server::Turn(absl::Duration at_most) {
  observer_.OnWaiting();
  if (!held_.empty()) at_most = std::min(at_most, kHeldRetry);
  bool woken = false;
  absl::Status status = reactor_.Turn(at_most, &woken);
  counters_.waits.Set(reactor_.turns());
  counters_.events.Set(reactor_.events());
  if (status.ok() && woken) status = TakeGiven();
  if (status.ok() && !held_.empty()) status = ReleaseHeld();
  return status;
}

absl::Status Server::Drain() {
  if (options_.drain == absl::ZeroDuration()) return absl::OkStatus();
  const Deadline deadline = Deadline::After(options_.drain);
  TakeNoMore();
  absl::Status status = TakeGiven();
  std::vector<Session*> sessions;  // each may end, itself only
  for (const auto& [number, session] : sessions_) {
    sessions.push_back(session.get());
  }
  for (Session* session : sessions) {
    if (status.ok()) status = session->Drain();
  }
  if (!status.ok()) return status;
  while (!sessions_.empty() && !deadline.passed()) {
    status = Turn(deadline.remaining());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void Server::StopListening() {
  for (const auto& door : doors_) door->acceptor.Stop();
  for (const auto& service : datagram_services_) service->Stop();
}

void Server::CloseAll() {
  while (!sessions_.empty()) {
    // Nothing but Resume could fail, and nobody listens any more.
    OnEnd(*sessions_.begin()->second, Ending::kStopped, Stopped())
        .IgnoreError();
  }
  TakeNoMore();
  absl::MutexLock lock(&given_mutex_);
  for (const Accepted& accepted : given_) {
    const uint64_t number = usage_.NewNumber();
    counters_.accepted.Add();
    CountEnding(Ending::kStopped);
    observer_.OnConnection(number, accepted.peer);
    observer_.OnClosing(number, Ending::kStopped, Stopped());
    usage_.GiveConnection();
  }
  given_.clear();
}

void Server::TakeNoMore() {
  absl::MutexLock lock(&given_mutex_);
  takes_none_ = true;
}

absl::Status Server::Door::OnAccepted(Accepted accepted) {
  if (!server_.usage_.TakeConnection(server_.options_.limits.connections)) {
    server_.counters_.refused.Add();
    server_.observer_.OnRefused(accepted.peer);
    return absl::OkStatus();
  }
  const size_t whose = next_;
  next_ = (next_ + 1) % (others_.size() + 1);
  if (whose < others_.size() && others_[whose]->Give(accepted)) {
    return absl::OkStatus();
  }
  return server_.Admit(std::move(accepted));
}

bool Server::Give(Accepted& accepted) {
  {
    absl::MutexLock lock(&given_mutex_);
    if (takes_none_) return false;
    given_.push_back(std::move(accepted));
  }
  reactor_.poller().Wakeup();
  return true;
}

absl::Status Server::TakeGiven() {
  std::vector<Accepted> given;
  {
    absl::MutexLock lock(&given_mutex_);
    given.swap(given_);
  }
  for (Accepted& accepted : given) {
    absl::Status status = Admit(std::move(accepted));
    // What this connection lacks, no pause of ours would free.
    if (!status.ok() && !absl::IsResourceExhausted(status)) return status;
  }
  return absl::OkStatus();
}

absl::Status Server::Admit(Accepted accepted) {
  const uint64_t number = usage_.NewNumber();
  counters_.accepted.Add();
  observer_.OnConnection(number, accepted.peer);
  auto session =
      std::make_unique<Session>(shared_, number, std::move(accepted.fd));
  const absl::Status status = session->Start();
  if (status.ok()) {
    sessions_.emplace(number, std::move(session));
    return absl::OkStatus();
  }
  // This client is lost, for it is no longer in the listener's queue.
  observer_.OnClosing(number, Ending::kFailed, status);
  CountEnding(Ending::kFailed);
  usage_.GiveConnection();
  return absl::IsResourceExhausted(status) ? status : absl::OkStatus();
}

absl::Status Server::OnEnd(Session& session, Ending ending,
                           const absl::Status& status) {
  observer_.OnClosing(session.number(), ending, status);
  CountEnding(ending);
  sessions_.erase(session.number());
  usage_.GiveConnection();
  for (const std::unique_ptr<Door>& door : doors_) {
    // There is a descriptor again.
    absl::Status resumed = door->acceptor.Resume();
    if (!resumed.ok()) return resumed;
  }
  return absl::OkStatus();
}

absl::Status Server::ReleaseHeld() {
  if (usage_.owed() >= options_.limits.owed_bytes) return absl::OkStatus();
  for (const uint64_t number : std::exchange(held_, {})) {
    const auto session = sessions_.find(number);
    if (session == sessions_.end()) continue;
    absl::Status status = session->second->Release();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void Server::CountEnding(Ending ending) {
  switch (ending) {
    case Ending::kFinished:
      return counters_.finished.Add();
    case Ending::kReset:
      return counters_.reset.Add();
    case Ending::kFailed:
      return counters_.failed.Add();
    case Ending::kStopped:
      return counters_.stopped.Add();
    case Ending::kIdle:
      return counters_.idle.Add();
    case Ending::kSlow:
      return counters_.slow.Add();
  }
}

}  // namespace isopoll::echo
