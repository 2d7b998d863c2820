#include "echo/service/session.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "isopoll/net/options.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/transfer.h"

namespace isopoll::echo {

absl::Status Session::Start() {
  OnProgress();
  return watch_.Start(context_.reactor, connection_.fd(),
                      connection_.interest(), *this);
}

absl::Status Session::Drain() {
  phase_ = Phase::kDraining;
  unread_ = BytesToReceive(connection_.fd());
  in_flight_ = BytesUnsent(connection_.fd()) > 0;
  return Settle(Echo(kReadable | kWritable));
}

absl::Status Session::OnReady(Interest ready) {
  return phase_ == Phase::kLingering ? Linger() : Settle(Echo(ready));
}

absl::Status Session::Echo(Interest ready) {
  // What was pending before waits for room; what is new may go at once.
  const bool may_write = ready.writable() || connection_.pending() == 0;
  absl::Status status;
  if (ready.readable() && !delayed()) status = Read();
  if (status.ok() && may_write && !delayed()) status = Write();
  return status;
}

absl::Status Session::Read() {
  const absl::StatusOr<absl::string_view> data = connection_.Read();
  if (!data.ok()) return data.status();
  // What cannot be read though there is room was not to be echoed: an urgent
  // byte, which the kernel counts.
  const bool dry = data->empty() && connection_.interest().readable();
  unread_ = dry ? 0 : unread_ - std::min(unread_, data->size());
  if (data->empty()) return absl::OkStatus();
  OnProgress();
  if (context_.options.delay > absl::ZeroDuration()) {
    send_at_ = context_.reactor.now() + context_.options.delay;
    SetTimer(at());
  }
  context_.observer.OnReceived(number_, *data);
  context_.stats.bytes_received += data->size();
  context_.stats.most_pending =
      std::max<uint64_t>(context_.stats.most_pending, connection_.pending());
  return absl::OkStatus();
}

absl::Status Session::Write() {
  if (context_.options.silent) connection_.Discard();
  const absl::StatusOr<size_t> sent = connection_.Write(Allowance());
  if (!sent.ok()) return sent.status();
  if (*sent == 0) return absl::OkStatus();
  OnProgress();
  in_flight_ = true;
  sent_ += *sent;
  context_.stats.bytes_sent += *sent;
  if (Allowance() > 0) return absl::OkStatus();
  SocketOptions reset;
  reset.reset_on_close = true;
  absl::Status status = SetOptions(connection_.fd(), reset);
  return status.ok() ? absl::UnavailableError("reset as asked for") : status;
}

size_t Session::Allowance() const {
  const uint64_t reset_after = context_.options.reset_after;
  return reset_after == 0 ? SIZE_MAX : reset_after - sent_;
}

absl::Status Session::Settle(const absl::Status& status) {
  if (IsPeerGone(status)) return End(Ending::kReset, status);
  if (!status.ok()) return End(Ending::kFailed, status);
  if (connection_.done()) return End(Ending::kFinished, status);
  if (phase_ == Phase::kDraining && connection_.pending() == 0 &&
      unread_ == 0) {
    if (!in_flight_ || !ShutdownWrite(connection_.fd()).ok()) {
      return End(Ending::kStopped, StoppedError());
    }
    phase_ = Phase::kLingering;
  }
  return UpdateInterest();
}

absl::Status Session::Linger() {
  char unwanted[4096];
  const absl::StatusOr<Transfer> transfer =
      Receive(connection_.fd(), absl::MakeSpan(unwanted));
  if (!transfer.ok() || transfer->end_of_file()) {
    return End(Ending::kStopped, StoppedError());
  }
  OnProgress();
  return absl::OkStatus();
}

// The timer may be set for too early a time, and then looks in vain, once. To
// set it again for each byte would cost more.
void Session::OnProgress() {
  progress_at_ = context_.reactor.now();
  unsent_.reset();
  const absl::Duration look_at =
      progress_at_ + context_.options.idle_timeout / 4;
  if (look_at < at()) SetTimer(look_at);
}

void Session::SetTimer(absl::Duration look_at) {
  context_.reactor.timers().Set(*this, std::min(look_at, send_at_));
}

absl::Status Session::OnTimer() {
  if (context_.reactor.now() < send_at_) return CheckProgress();
  send_at_ = absl::InfiniteDuration();
  SetTimer(context_.reactor.now() + context_.options.idle_timeout / 4);
  return Settle(Write());
}

absl::Status Session::CheckProgress() {
  const absl::Duration now = context_.reactor.now();
  const absl::Duration timeout = context_.options.idle_timeout;
  const size_t unsent = BytesUnsent(connection_.fd());
  // What was sent and is not there any more, the peer has taken. The first time
  // there is nothing to compare with, and something may have gone.
  if (unsent_.has_value() ? unsent < *unsent_ : unsent > 0) progress_at_ = now;
  unsent_ = unsent;
  const absl::Duration due = progress_at_ + timeout;
  if (now >= due) {
    return End(Ending::kIdle,
               absl::DeadlineExceededError("no progress for too long"));
  }
  SetTimer(unsent > 0 ? std::min(due, now + timeout / 4) : due);
  return absl::OkStatus();
}

absl::Status Session::UpdateInterest() {
  Interest wanted = connection_.interest();
  if (phase_ == Phase::kDraining && unread_ == 0) wanted = wanted & kWritable;
  if (phase_ == Phase::kLingering) wanted = kReadable;
  if (delayed()) wanted = kNone;
  const absl::Status status = watch_.Change(wanted);
  return status.ok() ? status : End(Ending::kFailed, status);
}

}  // namespace isopoll::echo
