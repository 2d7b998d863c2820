#include "echo/load/flow.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "echo/loop/clock.h"
#include "net/options.h"
#include "net/socket.h"
#include "net/transfer.h"

namespace isopoll::echo {

void Flow::Go(std::optional<uint64_t> requests) {
  left_ = requests;
  phase_ = requests == 0 ? Phase::kDone : Phase::kIssuing;
  Advance();
}

void Flow::Finish() {
  if (over_) return;
  phase_ = Phase::kDone;
  Advance();
}

void Flow::GiveUp() {
  Fail(connected_ ? LoadError::kTimeout : LoadError::kConnect,
       absl::DeadlineExceededError("the time was up before all was back"));
}

const SocketAddress* Flow::source_address() const {
  const auto& sources = options().sources;
  return sources.empty() ? nullptr : &sources[number_ % sources.size()];
}

std::optional<Flow::Request> Flow::TakeRequest(absl::Duration now) {
  if (phase_ != Phase::kIssuing) return std::nullopt;
  if (shared_.source.EndsBefore(index_)) {
    phase_ = Phase::kDone;
    return std::nullopt;
  }
  const std::optional<size_t> size = shared_.source.SizeOf(index_);
  if (!size || (pacer_.paced() && pacer_.next() > now)) return std::nullopt;
  const Request request = {asked_, *size, pacer_.Take(now), now};
  ++index_;
  ++shared_.report.started;
  asked_ += *size;
  if (left_ && --*left_ == 0) phase_ = Phase::kDone;
  shared_.observer.OnSending(name(), DataOf(request));
  return request;
}

void Flow::OnConnected() {
  connected_ = true;
  // Fails only for a peer that has gone, which will be seen.
  SetOptions(fd_.get(), options().socket).IgnoreError();
  const absl::StatusOr<SocketAddress> local = LocalAddress(fd_.get());
  if (local.ok()) shared_.observer.OnConnected(name(), *local);
  shared_.owner.OnConnected(*this);
}

void Flow::OnEchoed(absl::string_view data) {
  shared_.observer.OnEchoed(name(), data);
  const absl::Status status = shared_.source.OnEchoed(data);
  if (!status.ok()) Fail(LoadError::kOther, status);
}

void Flow::CountAnswer(const Request& request, absl::Duration now) {
  answered_ = true;
  ++shared_.report.requests;
  shared_.report.bytes += request.size;
  RecordLatency(request, now);
}

void Flow::RecordLatency(const Request& request, absl::Duration now) {
  shared_.report.latency.Record(static_cast<uint64_t>(
      std::max<int64_t>(absl::ToInt64Nanoseconds(now - request.start), 0)));
}

// Patience is prolonged by every byte. To set the timer for each would cost
// more than to let it look in vain now and then.
void Flow::SetTimer(bool has_room, absl::Duration patience_until) {
  absl::Duration due = patience_until;
  if (has_room && phase_ == Phase::kIssuing && pacer_.paced()) {
    due = std::min(due, pacer_.next());
  }
  if (due < at()) shared_.reactor.timers().Set(*this, due);
}

bool Flow::Watch(Interest interest) {
  const absl::Status status =
      watch_.Start(shared_.reactor, fd_.get(), interest, *this);
  if (!status.ok()) Fail(LoadError::kOther, status);
  return status.ok();
}

void Flow::Change(Interest interest) {
  const absl::Status status = watch_.Change(interest);
  if (!status.ok()) Fail(LoadError::kOther, status);
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
