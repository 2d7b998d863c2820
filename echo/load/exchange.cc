#include "echo/load/exchange.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "net/socket.h"
#include "net/transfer.h"

namespace isopoll::echo {
namespace {

std::string Quoted(char byte) {
  return absl::StrCat("'", absl::CHexEscape(absl::string_view(&byte, 1)), "'");
}

}  // namespace

absl::StatusOr<Exchange> Exchange::Begin(const SocketAddress& server,
                                         absl::Span<const std::string> messages,
                                         int number, ClientObserver& observer) {
  absl::StatusOr<UniqueFd> fd = Connect(server);
  if (!fd.ok()) return fd.status();
  return Exchange(*std::move(fd), messages, number, observer);
}

Interest Exchange::interest() const {
  switch (state_) {
    case State::kConnecting:
      return kWritable;
    case State::kTalking:
      return sent_ < message().size() ? kReadable | kWritable : kReadable;
    case State::kFinishing:
      return kReadable;
    case State::kDone:
      break;
  }
  return kNone;
}

absl::Status Exchange::Advance(Interest ready, absl::Span<char> scratch) {
  absl::Status status;
  if (state_ == State::kConnecting) {
    if (ready.writable()) status = OnConnected();
  } else if (ready.readable()) {
    status = ReceiveSome(scratch);
  }
  if (status.ok() && state_ == State::kTalking) status = SendSome();
  return status;
}

absl::Status Exchange::OnConnected() {
  absl::Status status = FinishConnect(fd());
  if (!status.ok()) return status;
  const absl::StatusOr<SocketAddress> local = LocalAddress(fd());
  if (!local.ok()) return local.status();
  observer_->OnConnected(number_, *local);
  state_ = State::kTalking;
  return NextMessage();
}

absl::Status Exchange::ReceiveSome(absl::Span<char> scratch) {
  const absl::StatusOr<Transfer> transfer = Receive(fd(), scratch);
  if (!transfer.ok()) return transfer.status();
  if (transfer->would_block()) return absl::OkStatus();
  if (transfer->end_of_file()) return CheckComplete();
  return Check({scratch.data(), transfer->bytes()});
}

absl::Status Exchange::Check(absl::string_view data) {
  if (data.size() > sent_ - received_) {
    return absl::DataLossError(absl::StrCat(
        data.size(), " bytes came back after the first ", bytes_echoed_,
        ", where only ", sent_ - received_, " were expected"));
  }
  const absl::string_view expected = message().substr(received_, data.size());
  const auto [wrong, right] =
      std::mismatch(data.begin(), data.end(), expected.begin());
  if (wrong != data.end()) {
    return absl::DataLossError(absl::StrCat(
        "byte ", bytes_echoed_ + (wrong - data.begin()), " came back as ",
        Quoted(*wrong), ", not as ", Quoted(*right)));
  }
  observer_->OnEchoed(number_, data);
  received_ += data.size();
  bytes_echoed_ += data.size();
  if (received_ < message().size()) return absl::OkStatus();
  ++index_;
  return state_ == State::kTalking ? NextMessage() : absl::OkStatus();
}

absl::Status Exchange::CheckComplete() {
  if (state_ != State::kFinishing || index_ < messages_.size()) {
    return absl::DataLossError(
        absl::StrCat("the server closed after ", bytes_echoed_,
                     " bytes had come back, which is not all"));
  }
  state_ = State::kDone;
  observer_->OnFinished(number_);
  return absl::OkStatus();
}

absl::Status Exchange::SendSome() {
  const absl::string_view rest = message().substr(sent_);
  if (rest.empty()) return absl::OkStatus();
  const absl::StatusOr<Transfer> transfer = Send(fd(), rest);
  if (!transfer.ok()) return transfer.status();
  sent_ += transfer->bytes();
  const bool last = index_ + 1 == messages_.size();
  if (!last || sent_ < message().size()) return absl::OkStatus();
  state_ = State::kFinishing;
  return ShutdownWrite(fd());
}

absl::Status Exchange::NextMessage() {
  while (index_ < messages_.size() && message().empty()) ++index_;
  sent_ = received_ = 0;
  if (index_ == messages_.size()) {
    state_ = State::kFinishing;
    return ShutdownWrite(fd());
  }
  observer_->OnSending(number_, message());
  return absl::OkStatus();
}

}  // namespace isopoll::echo
