#include "echo/load/stream_flow.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "echo/loop/clock.h"
#include "net/socket.h"
#include "net/transfer.h"

namespace isopoll::echo {
namespace {

// The most that is sent or received at once.
constexpr uint64_t kPieceBytes = 256 * 1024;

// How soon a server whose queue was full is tried again.
constexpr absl::Duration kConnectRetry = absl::Milliseconds(10);

LoadError KindOf(const absl::Status& status) {
  return IsPeerGone(status) ? LoadError::kReset : LoadError::kOther;
}

}  // namespace

void StreamFlow::Connect() {
  progress_at_ = SteadyNow();
  TryConnect();
}

void StreamFlow::TryConnect() {
  const absl::Duration give_up_at = progress_at_ + options().timeout;
  absl::StatusOr<UniqueFd> fd = isopoll::Connect(shared().server.address);
  const absl::Duration retry_at = SteadyNow() + kConnectRetry;
  if (absl::IsResourceExhausted(fd.status()) && retry_at < give_up_at) {
    return SetTimer(false, retry_at);
  }
  if (!fd.ok()) return Fail(LoadError::kConnect, fd.status());
  fd_ = *std::move(fd);
  if (Watch(kWritable)) SetTimer(false, give_up_at);
}

absl::Status StreamFlow::OnReady(Interest ready) {
  if (!connected_) {
    OnConnectEnded();
    return absl::OkStatus();
  }
  if (ready.readable()) ReceiveSome();
  if (!over()) Advance();
  return absl::OkStatus();
}

absl::Status StreamFlow::OnTimer() {
  const bool awaits = !connected_ || finished_ || !starts_.empty();
  if (awaits && SteadyNow() - progress_at_ >= options().timeout) {
    Fail(connected_ ? LoadError::kTimeout : LoadError::kConnect,
         absl::DeadlineExceededError(
             absl::StrCat(connected_ ? "nothing came back for "
                                     : "no connection came about within ",
                          absl::FormatDuration(options().timeout))));
    return absl::OkStatus();
  }
  if (connected_) {
    Advance();
  } else if (!fd_) {
    TryConnect();
  } else {
    SetTimer(false, progress_at_ + options().timeout);
  }
  return absl::OkStatus();
}

void StreamFlow::OnConnectEnded() {
  const absl::Status status = FinishConnect(fd_.get());
  if (!status.ok()) return Fail(LoadError::kConnect, status);
  connected_ = true;
  Change(kReadable);
  if (!over()) shared().owner.OnConnected(*this);
}

void StreamFlow::Advance() {
  if (over() || !connected_ || waiting()) return;
  const absl::Duration now = SteadyNow();
  const auto room = static_cast<size_t>(options().pipeline);
  absl::Duration start;
  if (starts_.empty()) progress_at_ = now;
  while (starts_.size() < room && TakeStart(now, &start)) {
    starts_.push_back(start);
    asked_ += options().size;
  }
  if (!SendSome()) return;
  const bool awaits = finished_ || !starts_.empty();
  SetTimer(starts_.size() < room, awaits ? progress_at_ + options().timeout
                                         : absl::InfiniteDuration());
  Change(sent_ < asked_ ? kReadable | kWritable : kReadable);
}

void StreamFlow::ReceiveSome() {
  const absl::StatusOr<Transfer> transfer =
      Receive(fd_.get(), shared().scratch);
  if (!transfer.ok()) return Fail(KindOf(transfer.status()), transfer.status());
  if (transfer->end_of_file()) return OnEndOfFile();
  if (transfer->would_block()) return;
  Check({shared().scratch.data(), transfer->bytes()});
}

void StreamFlow::Check(absl::string_view data) {
  if (data.size() > sent_ - received_) {
    return Fail(LoadError::kSurplus,
                absl::DataLossError(absl::StrCat(
                    data.size(), " bytes came back after the first ", received_,
                    ", where only ", sent_ - received_, " were expected")));
  }
  const absl::string_view expected =
      shared().pattern.Slice(number(), received_, data.size());
  if (data != expected) {
    const size_t right =
        std::mismatch(data.begin(), data.end(), expected.begin()).first -
        data.begin();
    return Fail(LoadError::kWrongByte,
                absl::DataLossError(absl::StrCat("byte ", received_ + right,
                                                 " came back wrong")));
  }
  received_ += data.size();
  const absl::Duration now = SteadyNow();
  progress_at_ = now;
  while (answered_ + options().size <= received_) {
    answered_ += options().size;
    CountAnswer(now - starts_.front());
    starts_.pop_front();
  }
}

void StreamFlow::OnEndOfFile() {
  if (finished_ && received_ == asked_) return End();
  Fail(LoadError::kClosed, absl::DataLossError(absl::StrCat(
                               "the server closed after ", received_,
                               " bytes had come back, which is not all")));
}

bool StreamFlow::SendSome() {
  while (sent_ < asked_) {
    const size_t size = std::min(asked_ - sent_, kPieceBytes);
    const absl::StatusOr<Transfer> transfer =
        Send(fd_.get(), shared().pattern.Slice(number(), sent_, size));
    if (!transfer.ok()) {
      Fail(KindOf(transfer.status()), transfer.status());
      return false;
    }
    if (transfer->would_block()) return true;
    sent_ += transfer->bytes();
  }
  if (!done() || finished_) return true;
  finished_ = true;
  const absl::Status status = ShutdownWrite(fd_.get());
  if (!status.ok()) Fail(KindOf(status), status);
  return status.ok();
}

}  // namespace isopoll::echo
