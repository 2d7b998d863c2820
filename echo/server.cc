#include "echo/server.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "net/transfer.h"

namespace isopoll::echo {
namespace {

constexpr Token kListenerToken = 0;
constexpr size_t kMaxBufferBytes = size_t{64} << 20;

// How many events one Wait may bring; any number is fair (Poller's rule R5).
constexpr size_t kEventsPerTurn = 256;

// How many connections are taken before everybody else has a turn again.
constexpr int kAcceptsPerTurn = 64;

// Stop is called from signal handlers, where a lock is not allowed.
static_assert(std::atomic<bool>::is_always_lock_free);

absl::Status Check(const ServerOptions& options) {
  if (options.buffer_bytes < 1 || options.buffer_bytes > kMaxBufferBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the buffer of a connection must have 1 to ",
                     kMaxBufferBytes, " bytes, not ", options.buffer_bytes));
  }
  if (options.accept_retry <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("accepting must be tried again after a positive time, "
                     "not after ",
                     absl::FormatDuration(options.accept_retry)));
  }
  return absl::OkStatus();
}

void Count(Ending ending, ServerStats& stats) {
  switch (ending) {
    case Ending::kFinished:
      ++stats.finished;
      break;
    case Ending::kReset:
      ++stats.reset;
      break;
    case Ending::kFailed:
      ++stats.failed;
      break;
    case Ending::kStopped:
      ++stats.stopped;
      break;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Create(
    Poller& poller, UniqueFd listener, const ServerOptions& options) {
  if (absl::Status status = Check(options); !status.ok()) return status;
  return absl::WrapUnique(new Server(poller, std::move(listener), options));
}

Server::Server(Poller& poller, UniqueFd listener, const ServerOptions& options)
    : poller_(poller),
      options_(options),
      observer_(options.observer != nullptr ? *options.observer : silent_),
      acceptor_(poller, std::move(listener), kListenerToken,
                options.accept_retry) {}

absl::Status Server::Run() {
  if (absl::Status status = acceptor_.Start(); !status.ok()) return status;
  std::array<Event, kEventsPerTurn> events;
  absl::Status status;
  while (status.ok() && !stopping_) status = Turn(absl::MakeSpan(events));
  status.Update(CloseAll());
  return status;
}

void Server::Stop() {
  stopping_ = true;
  poller_.Wakeup();
}

absl::Status Server::Turn(absl::Span<Event> events) {
  observer_.OnWaiting();
  const absl::StatusOr<WaitResult> result =
      poller_.Wait(events, acceptor_.patience());
  if (!result.ok()) return result.status();
  ++stats_.waits;
  for (const Event& event : events.first(result->count)) {
    if (absl::Status status = Handle(event); !status.ok()) return status;
  }
  return acceptor_.due() ? acceptor_.Resume() : absl::OkStatus();
}

absl::Status Server::Handle(const Event& event) {
  if (event.token() == kListenerToken) return AcceptSome();
  const Peers::iterator peer = peers_.find(event.token());
  if (peer == peers_.end()) return absl::OkStatus();
  return Serve(peer, event.ready());
}

absl::Status Server::AcceptSome() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    absl::StatusOr<std::optional<Accepted>> next = acceptor_.Next();
    if (!next.ok()) return next.status();
    if (next->has_value()) {
      absl::Status status = Admit(*std::move(*next));
      if (!status.ok()) return status;
    }
    TellIfPausedOrResumed();
    if (!next->has_value() || acceptor_.paused()) break;
  }
  return absl::OkStatus();
}

absl::Status Server::Admit(Accepted accepted) {
  const Token token = ++last_token_;
  ++stats_.accepted;
  observer_.OnConnection(token, accepted.peer);
  Connection connection(std::move(accepted.fd), options_.buffer_bytes);
  const Interest interest = connection.interest();
  const absl::Status status = poller_.Add(connection.fd(), interest, token);
  if (status.ok()) {
    peers_.emplace(token, Peer{std::move(connection), interest});
    return absl::OkStatus();
  }
  // This client is lost, for it is no longer in the listener's queue.
  observer_.OnClosing(token, Ending::kFailed, status);
  Count(Ending::kFailed, stats_);
  if (!absl::IsResourceExhausted(status)) return absl::OkStatus();
  return acceptor_.Pause(status);
}

// A retry that fails is no news: only the first pause in a row is told, and
// the first look at the queue that did not end in another.
void Server::TellIfPausedOrResumed() {
  if (acceptor_.paused()) ++stats_.accept_pauses;
  if (acceptor_.paused() == told_paused_) return;
  told_paused_ = acceptor_.paused();
  if (told_paused_) {
    observer_.OnAcceptPaused(acceptor_.paused_because());
  } else {
    observer_.OnAcceptResumed();
  }
}

absl::Status Server::Serve(Peers::iterator peer, Interest ready) {
  Connection& connection = peer->second.connection;
  const absl::Status status = EchoOnce(peer->first, connection, ready);
  if (IsPeerGone(status)) return Close(peer, Ending::kReset, status);
  if (!status.ok()) return Close(peer, Ending::kFailed, status);
  if (connection.done()) return Close(peer, Ending::kFinished, status);
  return UpdateInterest(peer);
}

// One read and one write in a turn, so that nobody waits behind a busy peer.
absl::Status Server::EchoOnce(Token token, Connection& connection,
                              Interest ready) {
  // What was owed before is waiting for room; what is new may go at once.
  const bool may_write = ready.writable() || connection.owed() == 0;
  if (ready.readable()) {
    const absl::StatusOr<absl::string_view> received = connection.Read();
    if (!received.ok()) return received.status();
    if (!received->empty()) observer_.OnReceived(token, *received);
    stats_.bytes_received += received->size();
    stats_.most_owed = std::max<uint64_t>(stats_.most_owed, connection.owed());
  }
  if (!may_write) return absl::OkStatus();
  const absl::StatusOr<size_t> sent = connection.Write();
  if (!sent.ok()) return sent.status();
  stats_.bytes_sent += *sent;
  return absl::OkStatus();
}

absl::Status Server::UpdateInterest(Peers::iterator peer) {
  auto& [connection, registered] = peer->second;
  const Interest wanted = connection.interest();
  if (wanted == registered) return absl::OkStatus();
  const absl::Status status =
      poller_.Modify(connection.fd(), wanted, peer->first);
  if (!status.ok()) return Close(peer, Ending::kFailed, status);
  registered = wanted;
  return absl::OkStatus();
}

absl::Status Server::Close(Peers::iterator peer, Ending ending,
                           const absl::Status& status) {
  observer_.OnClosing(peer->first, ending, status);
  Count(ending, stats_);
  const absl::Status removed = poller_.Remove(peer->second.connection.fd());
  peers_.erase(peer);
  if (!removed.ok()) return removed;
  return acceptor_.Resume();  // There is a descriptor again.
}

absl::Status Server::CloseAll() {
  absl::Status status;
  for (Peers::iterator peer = peers_.begin(); peer != peers_.end();) {
    status.Update(Close(peer++, Ending::kStopped,
                        absl::CancelledError("the server was stopped")));
  }
  status.Update(acceptor_.Stop());
  return status;
}

}  // namespace isopoll::echo
