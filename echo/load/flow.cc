#include "echo/load/flow.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "isopoll/net/options.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/transfer.h"

namespace isopoll::echo {

void Flow::Go(std::optional<uint64_t> requests) {
  left_ = requests;
  phase_ = Phase::kIssuing;
  Advance();
}

void Flow::Finish() {
  phase_ = Phase::kDone;
  Advance();
}

void Flow::GiveUp() {
  Fail(connected_ ? LoadError::kTimeout : LoadError::kConnect,
       absl::DeadlineExceededError("the time was up before all was back"));
}

absl::Status Flow::OnReady(Interest ready) {
  if (!connected_) {
    const absl::Status status = FinishConnect(fd_.get());
    status.ok() ? OnConnected() : Fail(LoadError::kConnect, status);
  } else {
    if (ready.readable()) ReceiveSome();
    Advance();
  }
  return absl::OkStatus();
}

absl::Status Flow::OnTimer() {
  if (!fd_) Connect();
  Advance();
  return absl::OkStatus();
}

void Flow::Advance() {
  const absl::Duration now = SteadyNow();
  while (!over_ && now >= PatienceEnd()) OnImpatient(now);
  if (over_) return;
  if (!connected_ || phase_ == Phase::kWaiting) return Wake(PatienceEnd());
  const bool all_sent = SendSome(now);
  if (!over_ && !finished_ && phase_ == Phase::kDone && outstanding_.empty()) {
    finished_ = true;
    OnAllIsBack();
  }
  if (over_) return;
  Wake(PatienceEnd());
  if (phase_ == Phase::kIssuing && HasRoom() && pacer_.paced()) {
    Wake(pacer_.next());
  }
  const absl::Status status =
      watch_.Change(all_sent ? kReadable : kReadable | kWritable);
  if (!status.ok()) Fail(LoadError::kOther, status);
}

const SocketAddress* Flow::source_address() const {
  const auto& sources = options().sources;
  return sources.empty() ? nullptr : &sources[number_ % sources.size()];
}

bool Flow::Watch(Interest interest) {
  const absl::Status status =
      watch_.Start(shared_.reactor, fd_.get(), interest, *this);
  if (!status.ok()) Fail(LoadError::kOther, status);
  return status.ok();
}

bool Flow::CanStart() {
  if (source().EndsBefore(index_) || left_ == 0) phase_ = Phase::kDone;
  return phase_ == Phase::kIssuing && HasRoom();
}

size_t Flow::TakeRequests(absl::Duration now) {
  size_t taken = 0;
  for (; CanStart(); ++taken, ++index_) {
    const std::optional<size_t> size = source().SizeOf(index_);
    if (!size || (pacer_.paced() && pacer_.next() > now)) break;
    outstanding_.push_back({asked_, *size, pacer_.Take(now), now});
    asked_ += *size;
    if (left_) --*left_;
    ++report().started;
    source().OnSending(number_, DataOf(outstanding_.back()));
  }
  return taken;
}

void Flow::OnConnected() {
  connected_ = true;
  // Fails only for a peer that has gone, which will be seen.
  SetOptions(fd_.get(), options().socket).IgnoreError();
  const absl::StatusOr<SocketAddress> local = LocalAddress(fd_.get());
  if (local.ok()) source().OnConnected(number_, *local);
  const absl::Status status = watch_.Change(kReadable);
  if (!status.ok()) return Fail(LoadError::kOther, status);
  shared_.owner.OnConnected(*this);
}

void Flow::OnEchoed(absl::string_view data) {
  const absl::Status status = source().OnEchoed(number_, data);
  if (!status.ok()) Fail(LoadError::kOther, status);
}

void Flow::CountAnswer(const Request& request, absl::Duration now) {
  answered_ = true;
  ++report().requests;
  report().bytes += request.size;
  RecordLatency(request, now);
}

void Flow::RecordLatency(const Request& request, absl::Duration now) {
  report().latency.Record(static_cast<uint64_t>(
      std::max<int64_t>(absl::ToInt64Nanoseconds(now - request.start), 0)));
}

// Patience is prolonged by every byte. To set the timer for each would cost
// more than to let it look in vain now and then.
void Flow::Wake(absl::Duration time) {
  if (time < at()) shared_.reactor.timers().Set(*this, time);
}

void Flow::FailBroken(const absl::Status& status) {
  Fail(IsPeerGone(status) ? LoadError::kReset : LoadError::kOther, status);
}

void Flow::Fail(LoadError error, const absl::Status& status) {
  if (over_) return;
  over_ = true;
  if (error == LoadError::kTimeout) {
    const absl::Duration now = SteadyNow();
    for (const Request& request : outstanding_) RecordLatency(request, now);
  }
  shared_.reactor.timers().Cancel(*this);
  watch_.Stop();
  fd_.reset();
  shared_.owner.OnOver(*this, status, error);
}

}  // namespace isopoll::echo
