#include "echo/load/datagram_flow.h"

#include <algorithm>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "echo/loop/clock.h"
#include "net/datagram.h"
#include "net/transfer.h"

namespace isopoll::echo {
namespace {

// How many lost datagrams are remembered, in case they come after all.
constexpr size_t kRemembered = 256;

// How many are received before everybody else has a turn again.
constexpr int kPerTurn = 64;

}  // namespace

void DatagramFlow::Connect() {
  absl::StatusOr<UniqueFd> fd = ConnectDatagram(shared().server.address);
  if (!fd.ok()) return Fail(LoadError::kConnect, fd.status());
  fd_ = *std::move(fd);
  if (!Watch(kReadable)) return;
  connected_ = true;
  shared().owner.OnConnected(*this);
}

absl::Status DatagramFlow::OnReady(Interest ready) {
  if (ready.writable()) blocked_ = false;
  if (ready.readable()) ReceiveSome();
  if (!over()) Advance();
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
  const auto room = static_cast<size_t>(options().pipeline);
  while (!blocked_ && sent_.size() < room) {
    absl::Duration start;
    if (in_line_.empty()) {
      if (!TakeStart(now, &start)) break;
      in_line_.push_back({position_, start, now});
      position_ += options().size;
    }
    if (!SendNext(now)) break;
  }
  if (over()) return;
  if (done() && sent_.empty() && in_line_.empty()) return End();
  SetTimer(sent_.size() < room && !blocked_,
           sent_.empty() ? absl::InfiniteDuration()
                         : sent_.front().sent_at + options().datagram_timeout);
  Change(blocked_ ? kReadable | kWritable : kReadable);
}

bool DatagramFlow::SendNext(absl::Duration now) {
  const absl::StatusOr<Sent> sent =
      SendDatagram(fd_.get(), DataOf(in_line_.front()));
  if (!sent.ok()) {
    Fail(IsPeerGone(sent.status()) ? LoadError::kReset : LoadError::kOther,
         sent.status());
    return false;
  }
  switch (*sent) {
    case Sent::kNoRoom:
      blocked_ = true;
      return false;
    case Sent::kTooLong:
      Fail(LoadError::kOther, absl::InvalidArgumentError(absl::StrCat(
                                  "a datagram of ", options().size,
                                  " bytes is too long for this transport")));
      return false;
    case Sent::kYes:
      break;
  }
  in_line_.front().sent_at = now;
  sent_.push_back(in_line_.front());
  in_line_.pop_front();
  return true;
}

void DatagramFlow::ReceiveSome() {
  for (int i = 0; i < kPerTurn && !over(); ++i) {
    const absl::StatusOr<std::optional<Datagram>> datagram =
        ReceiveDatagram(fd_.get(), shared().scratch);
    if (!datagram.ok()) {
      return Fail(
          IsPeerGone(datagram.status()) ? LoadError::kReset : LoadError::kOther,
          datagram.status());
    }
    if (!datagram->has_value()) return;
    Match({shared().scratch.data(), (*datagram)->bytes});
  }
}

void DatagramFlow::Match(absl::string_view data) {
  const auto request =
      std::find_if(sent_.begin(), sent_.end(),
                   [&](const Request& each) { return DataOf(each) == data; });
  if (request != sent_.end()) {
    CountAnswer(SteadyNow() - request->start);
    sent_.erase(request);
  } else if (!IsLate(data)) {
    Fail(LoadError::kWrongByte,
         absl::DataLossError(absl::StrCat("a datagram of ", data.size(),
                                          " bytes came that was not sent")));
  }
}

bool DatagramFlow::IsLate(absl::string_view data) {
  const auto request =
      std::find_if(lost_.begin(), lost_.end(),
                   [&](const Request& each) { return DataOf(each) == data; });
  if (request == lost_.end()) return false;
  ++shared().report.late;
  lost_.erase(request);
  return true;
}

void DatagramFlow::GiveUpLost(absl::Duration now) {
  while (!sent_.empty() &&
         now - sent_.front().sent_at >= options().datagram_timeout) {
    LoadReport& report = shared().report;
    ++report.errors[static_cast<int>(LoadError::kLost)];
    if (report.first_error.empty()) {
      report.first_error = absl::StrCat(
          "connection ", number() + 1, ": a datagram did not come back within ",
          absl::FormatDuration(options().datagram_timeout));
    }
    lost_.push_back(sent_.front());
    sent_.pop_front();
    if (lost_.size() > kRemembered) lost_.pop_front();
  }
}

absl::string_view DatagramFlow::DataOf(const Request& request) const {
  return shared().pattern.Slice(number(), request.position, options().size);
}

}  // namespace isopoll::echo
