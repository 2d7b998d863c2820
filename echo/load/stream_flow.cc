#include "echo/load/stream_flow.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
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

std::string Quoted(char byte) {
  return absl::StrCat("'", absl::CHexEscape(absl::string_view(&byte, 1)), "'");
}

}  // namespace

void StreamFlow::Connect() {
  progress_at_ = SteadyNow();
  TryConnect();
}

void StreamFlow::TryConnect() {
  const absl::Duration give_up_at = progress_at_ + options().timeout;
  absl::StatusOr<UniqueFd> fd =
      isopoll::Connect(server().address, source_address());
  const absl::Duration retry_at = SteadyNow() + kConnectRetry;
  // Only of a Unix-domain server is it known that its queue is full.
  if (server().transport == Transport::kUnix &&
      absl::IsResourceExhausted(fd.status()) && retry_at < give_up_at) {
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
  Advance();
  return absl::OkStatus();
}

absl::Status StreamFlow::OnTimer() {
  if ((!connected_ || awaits()) &&
      SteadyNow() - progress_at_ >= options().timeout) {
    Fail(connected_ ? LoadError::kTimeout : LoadError::kConnect,
         absl::DeadlineExceededError(
             absl::StrCat(connected_ ? "nothing came back for "
                                     : "no connection came about within ",
                          absl::FormatDuration(options().timeout))));
  } else if (connected_) {
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
  Change(kReadable);
  if (!over()) OnConnected();
}

void StreamFlow::Advance() {
  if (over() || !connected_ || waiting()) return;
  const absl::Duration now = SteadyNow();
  if (outstanding_.empty()) progress_at_ = now;
  do {
    while (HasRoom()) {
      const std::optional<Request> request = TakeRequest(now);
      if (!request.has_value()) break;
      outstanding_.push_back(*request);
    }
    if (!SendSome()) return;
  } while (CountRequestsOfNoBytes());
  if (!FinishIfAllIsBack()) return;
  SetTimer(HasRoom(), awaits() ? progress_at_ + options().timeout
                               : absl::InfiniteDuration());
  Change(sent_ < asked_ ? kReadable | kWritable : kReadable);
}

void StreamFlow::ReceiveSome() {
  const absl::StatusOr<Transfer> transfer =
      Receive(fd_.get(), shared().scratch);
  if (!transfer.ok()) return FailBroken(transfer.status());
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
  const absl::string_view expected = Slice(received_, data.size());
  if (data != expected) {
    const auto [wrong, right] =
        std::mismatch(data.begin(), data.end(), expected.begin());
    return Fail(
        LoadError::kWrongByte,
        absl::DataLossError(absl::StrCat(
            "byte ", received_ + (wrong - data.begin()), " came back as ",
            Quoted(*wrong), ", not as ", Quoted(*right))));
  }
  OnEchoed(data);
  received_ += data.size();
  CountAnswers();
}

void StreamFlow::CountAnswers() {
  const absl::Duration now = SteadyNow();
  progress_at_ = now;
  while (!outstanding_.empty() && outstanding_.front().end() <= received_) {
    CountAnswer(outstanding_.front(), now);
    outstanding_.pop_front();
  }
  shared().source.Forget(received_);
}

void StreamFlow::OnEndOfFile() {
  if (finished_) {
    shared().observer.OnFinished(name());
    return End();
  }
  Fail(LoadError::kClosed,
       absl::DataLossError(absl::StrCat(
           "the server closed after ", received_, " bytes had come back, ",
           received_ < asked_ ? "which is not all" : "and did not wait")));
}

bool StreamFlow::SendSome() {
  while (sent_ < asked_) {
    const size_t size = std::min(asked_ - sent_, kPieceBytes);
    const absl::StatusOr<Transfer> transfer =
        Send(fd_.get(), Slice(sent_, size));
    if (!transfer.ok()) {
      FailBroken(transfer.status());
      return false;
    }
    if (transfer->would_block()) return true;
    sent_ += transfer->bytes();
  }
  return true;
}

// Such a request is back as soon as what was before it is.
bool StreamFlow::CountRequestsOfNoBytes() {
  if (received_ < asked_ || outstanding_.empty()) return false;
  CountAnswers();
  return true;
}

bool StreamFlow::FinishIfAllIsBack() {
  if (!done() || finished_ || !outstanding_.empty()) return true;
  finished_ = true;
  const absl::Status status = ShutdownWrite(fd_.get());
  if (!status.ok()) FailBroken(status);
  return status.ok();
}

}  // namespace isopoll::echo
