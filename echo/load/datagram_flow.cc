#include "echo/load/datagram_flow.h"

#include <algorithm>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "isopoll/net/datagram.h"

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

bool DatagramFlow::SendSome(absl::Duration now) {
  for (unsent_ += TakeRequests(now); unsent_ > 0; --unsent_) {
    Request& request = outstanding_[outstanding_.size() - unsent_];
    const absl::StatusOr<Sent> sent = SendDatagram(fd_.get(), DataOf(request));
    if (!sent.ok()) FailBroken(sent.status());
    if (sent.ok() && *sent == Sent::kTooLong) {
      Fail(LoadError::kOther, absl::InvalidArgumentError(absl::StrCat(
                                  "a datagram of ", request.size,
                                  " bytes is too long for this transport")));
    }
    if (over() || *sent == Sent::kNoRoom) return false;
    request.sent_at = now;
  }
  return true;
}

void DatagramFlow::ReceiveSome() {
  for (int i = 0; i < kPerTurn && !over(); ++i) {
    const absl::StatusOr<std::optional<Datagram>> datagram =
        ReceiveDatagram(fd_.get(), scratch());
    if (!datagram.ok()) return FailBroken(datagram.status());
    if (!datagram->has_value()) return;
    Match({scratch().data(), (*datagram)->bytes});
  }
}

void DatagramFlow::Match(absl::string_view data) {
  const auto says_so = [&](const Request& each) {
    return DataOf(each) == data;
  };
  const auto sent_end = outstanding_.end() - static_cast<int>(unsent_);
  const auto found = std::find_if(outstanding_.begin(), sent_end, says_so);
  const auto late = std::find_if(lost_.begin(), lost_.end(), says_so);
  if (found != sent_end) {
    CountAnswer(*found, SteadyNow());
    outstanding_.erase(found);
    OnEchoed(data);
  } else if (late != lost_.end()) {
    lost_.erase(late);
    ++report().late;
  } else {
    return Fail(LoadError::kWrongByte, absl::DataLossError(absl::StrCat(
                                           "a datagram of ", data.size(),
                                           " bytes came that was not sent")));
  }
  ForgetOld();
}

void DatagramFlow::OnAllIsBack() {
  source().OnFinished(number());
  End();
}

absl::Duration DatagramFlow::PatienceEnd() const {
  return outstanding_.size() == unsent_
             ? absl::InfiniteDuration()
             : outstanding_.front().sent_at + options().datagram_timeout;
}

void DatagramFlow::OnImpatient(absl::Duration now) {
  report().CountError(
      LoadError::kLost,
      absl::StrCat("connection ", number() + 1,
                   ": a datagram did not come back within ",
                   absl::FormatDuration(options().datagram_timeout)));
  RecordLatency(outstanding_.front(), now);
  lost_.push_back(outstanding_.front());
  outstanding_.pop_front();
  if (lost_.size() > kRemembered) lost_.pop_front();
  ForgetOld();
}

void DatagramFlow::ForgetOld() {
  uint64_t oldest = asked_;
  for (const std::deque<Request>* requests : {&outstanding_, &lost_}) {
    if (!requests->empty()) {
      oldest = std::min(oldest, requests->front().position);
    }
  }
  source().Forget(oldest);
}

}  // namespace isopoll::echo
