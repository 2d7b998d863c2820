#include "echo/service/session.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "net/socket.h"
#include "net/transfer.h"

namespace isopoll::echo {
namespace {

// How often a connection that had nothing more to read is tried once more.
constexpr int kTurnsBetweenTrials = 32;

absl::Status Stopped() {
  return absl::CancelledError("the server was stopped");
}

}  // namespace

Session::~Session() { shared_.usage.ChangeOwed(accounted_, 0); }

absl::Status Session::Start() {
  UpdateTimer();
  return watch_.Start(shared_.reactor, connection_.fd(), connection_.interest(),
                      *this);
}

absl::Status Session::Release() {
  held_ = false;
  return UpdateInterest();
}

absl::Status Session::Drain() {
  held_ = false;
  phase_ = Phase::kPaying;
  const Counter& received = shared_.counters.bytes_received;
  const uint64_t before = received.value();
  unread_ = BytesToReceive(connection_.fd());
  has_paid_ = connection_.owed() > 0 || BytesUnsent(connection_.fd()) > 0;
  const absl::Status status = Echo(kReadable | kWritable);
  has_paid_ = has_paid_ || received.value() != before;
  return Settle(status);
}

absl::Status Session::OnReady(Interest ready) {
  return phase_ == Phase::kLingering ? Linger() : Settle(Echo(ready));
}

absl::Status Session::OnTimer() {
  switch (pace_.Judge(shared_.reactor.now(), shared_.limits,
                      BytesUnsent(connection_.fd()))) {
    case Pace::Verdict::kFine:
      UpdateTimer();
      return absl::OkStatus();
    case Pace::Verdict::kIdle:
      return End(Ending::kIdle,
                 absl::DeadlineExceededError("silent for too long"));
    case Pace::Verdict::kSlow:
      return End(Ending::kSlow,
                 absl::DeadlineExceededError("takes too little"));
  }
  return absl::OkStatus();
}

absl::Status Session::Settle(const absl::Status& status) {
  if (IsPeerGone(status)) return End(Ending::kReset, status);
  if (!status.ok()) return End(Ending::kFailed, status);
  if (connection_.done()) return End(Ending::kFinished, status);
  if (phase_ == Phase::kPaying && connection_.owed() == 0 && unread_ == 0) {
    if (!has_paid_ || !ShutdownWrite(connection_.fd()).ok()) {
      return End(Ending::kStopped, Stopped());
    }
    phase_ = Phase::kLingering;
  }
  shared_.usage.ChangeOwed(accounted_, connection_.owed());
  accounted_ = connection_.owed();
  UpdateTimer();
  return UpdateInterest();
}

absl::Status Session::Linger() {
  char unwanted[4096];
  const absl::StatusOr<Transfer> transfer =
      Receive(connection_.fd(), absl::MakeSpan(unwanted));
  if (transfer.ok() && !transfer->end_of_file()) {
    pace_.OnTransfer(shared_.reactor.now(), transfer->bytes(), 0, 0);
    return absl::OkStatus();
  }
  return End(Ending::kStopped, Stopped());
}

absl::Status Session::Echo(Interest ready) {
  const Limits& limits = shared_.limits;
  bool may_read = ready.readable();
  // What was owed before is waiting for room; what is new may go at once.
  bool may_write = ready.writable() || connection_.owed() == 0;
  size_t budget = limits.read_budget;
  for (int round = 0;; ++round) {
    size_t received = 0;
    size_t sent = 0;
    if (may_read && OverOwedLimit()) {
      if (!held_) shared_.owner.OnHeld(*this);
      held_ = true;
      may_read = false;
    }
    if (may_read) {
      if (absl::Status status = ReadOnce(&received); !status.ok()) {
        return status;
      }
    }
    if (may_write) {
      if (absl::Status status = WriteOnce(&sent); !status.ok()) return status;
    }
    pace_.OnTransfer(shared_.reactor.now(), received + sent, sent,
                     connection_.owed());
    if (connection_.owed() > 0) may_write = false;  // the kernel has no room
    if (round == 1) reads_on_ = received > 0;
    if (received == 0 || !may_write || received >= budget) break;
    budget -= received;
    const bool all_was_taken = received < limits.buffer_bytes;
    if (round == 0 && all_was_taken && !TriesAgain()) break;
  }
  return absl::OkStatus();
}

absl::Status Session::ReadOnce(size_t* received) {
  const absl::StatusOr<absl::string_view> data = connection_.Read();
  if (!data.ok()) return data.status();
  *received = data->size();
  // What cannot be read though there is room was not to be echoed: an urgent
  // byte, which the kernel counts.
  const bool dry = data->empty() && connection_.interest().readable();
  unread_ = dry ? 0 : unread_ - std::min(unread_, data->size());
  if (data->empty()) return absl::OkStatus();
  shared_.observer.OnReceived(number_, *data);
  shared_.counters.bytes_received.Add(data->size());
  shared_.counters.most_owed.Raise(connection_.owed());
  return absl::OkStatus();
}

absl::Status Session::WriteOnce(size_t* sent) {
  const absl::StatusOr<size_t> count = connection_.Write();
  if (!count.ok()) return count.status();
  *sent = *count;
  shared_.counters.bytes_sent.Add(*count);
  return absl::OkStatus();
}

bool Session::OverOwedLimit() const {
  const uint64_t limit = shared_.limits.owed_bytes;
  if (limit == 0) return false;
  return shared_.usage.owed() - accounted_ + connection_.owed() >= limit;
}

// Whoever sends a stream has sent more meanwhile; whoever waits for an answer
// has not, and to look would be a system call for nothing.
bool Session::TriesAgain() {
  return reads_on_ || ++turns_ % kTurnsBetweenTrials == 0;
}

absl::Status Session::End(Ending ending, const absl::Status& status) {
  return shared_.owner.OnEnd(*this, ending, status);
}

absl::Status Session::UpdateInterest() {
  Interest wanted = connection_.interest();
  const bool has_read = phase_ == Phase::kPaying && unread_ == 0;
  if (held_ || has_read) wanted = wanted & kWritable;
  if (phase_ == Phase::kLingering) wanted = kReadable;
  const absl::Status status = watch_.Change(wanted);
  return status.ok() ? status : End(Ending::kFailed, status);
}

// A timer that is set for too early a time only judges in vain, once. To set
// it anew for each byte would cost more.
void Session::UpdateTimer() {
  const absl::Duration due = pace_.due(shared_.limits);
  if (due < at()) shared_.reactor.timers().Set(*this, due);
}

}  // namespace isopoll::echo
