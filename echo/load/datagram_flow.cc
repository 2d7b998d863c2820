#include "echo/load/datagram_flow.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "echo/loop/clock.h"
#include "net/datagram.h"

namespace isopoll::echo {
namespace {

// How many lost datagrams are remembered, in case they come after all.
constexpr size_t kRemembered = 256;

// How many are received before everybody else has a turn again.
constexpr int kPerTurn = 64;

}  // namespace

void DatagramFlow::Connect() {
  absl::StatusOr<UniqueFd> fd =
      ConnectDatagram(server().address, source_address());
  if (!fd.ok()) return Fail(LoadError::kConnect, fd.status());
  fd_ = *std::move(fd);
  if (Watch(kReadable)) OnConnected();
}

absl::Status DatagramFlow::OnReady(Interest ready) {
  if (ready.writable()) blocked_ = false;
  if (ready.readable()) ReceiveSome();
  Advance();
  return absl::OkStatus();
}

absl::Status DatagramFlow::OnTimer() {
  Advance();
  return absl::OkStatus();
}

void DatagramFlow::Advance() {
  if (over() || !connected_ || waiting()) return;
  const absl::Duration now = SteadyNow();
  GiveUpLost(now);
  while (!blocked_ && HasRoom()) {
    if (!in_line_) in_line_ = TakeRequest(now);
    if (!in_line_ || !SendNext(now)) break;
  }
  if (over()) return;
  ForgetOld();
  if (done() && outstanding_.empty() && !in_line_) {
    shared().observer.OnFinished(name());
    return End();
  }
  SetTimer(HasRoom() && !blocked_,
           outstanding_.empty()
               ? absl::InfiniteDuration()
               : outstanding_.front().sent_at + options().datagram_timeout);
  Change(blocked_ ? kReadable | kWritable : kReadable);
}

bool DatagramFlow::SendNext(absl::Duration now) {
  const absl::StatusOr<Sent> sent = SendDatagram(fd_.get(), DataOf(*in_line_));
  if (!sent.ok()) {
    FailBroken(sent.status());
    return false;
  }
  if (*sent == Sent::kNoRoom) {
    blocked_ = true;
    return false;
  }
  if (*sent == Sent::kTooLong) {
    Fail(LoadError::kOther, absl::InvalidArgumentError(absl::StrCat(
                                "a datagram of ", in_line_->size,
                                " bytes is too long for this transport")));
    return false;
  }
  in_line_->sent_at = now;
  outstanding_.push_back(*in_line_);
  in_line_.reset();
  return true;
}

void DatagramFlow::ReceiveSome() {
  for (int i = 0; i < kPerTurn && !over(); ++i) {
    const absl::StatusOr<std::optional<Datagram>> datagram =
        ReceiveDatagram(fd_.get(), shared().scratch);
    if (!datagram.ok()) return FailBroken(datagram.status());
    if (!datagram->has_value()) return;
    Match({shared().scratch.data(), (*datagram)->bytes});
  }
}

void DatagramFlow::Match(absl::string_view data) {
  if (const std::optional<Request> request = Take(data, outstanding_)) {
    CountAnswer(*request, SteadyNow());
    OnEchoed(data);
  } else if (Take(data, lost_).has_value()) {
    ++shared().report.late;
  } else {
    Fail(LoadError::kWrongByte,
         absl::DataLossError(absl::StrCat("a datagram of ", data.size(),
                                          " bytes came that was not sent")));
  }
}

std::optional<Flow::Request> DatagramFlow::Take(absl::string_view data,
                                                std::deque<Request>& requests) {
  const auto found =
      std::find_if(requests.begin(), requests.end(),
                   [&](const Request& each) { return DataOf(each) == data; });
  if (found == requests.end()) return std::nullopt;
  const Request request = *found;
  requests.erase(found);
  return request;
}

void DatagramFlow::GiveUpLost(absl::Duration now) {
  while (!outstanding_.empty() &&
         now - outstanding_.front().sent_at >= options().datagram_timeout) {
    shared().report.CountError(
        LoadError::kLost,
        absl::StrCat("connection ", name(),
                     ": a datagram did not come back within ",
                     absl::FormatDuration(options().datagram_timeout)));
    RecordLatency(outstanding_.front(), now);
    lost_.push_back(outstanding_.front());
    outstanding_.pop_front();
    if (lost_.size() > kRemembered) lost_.pop_front();
  }
}

void DatagramFlow::ForgetOld() {
  uint64_t oldest = asked_;
  if (in_line_) oldest = in_line_->position;
  for (const std::deque<Request>* requests : {&outstanding_, &lost_}) {
    if (!requests->empty()) {
      oldest = std::min(oldest, requests->front().position);
    }
  }
  shared().source.Forget(oldest);
}

}  // namespace isopoll::echo
