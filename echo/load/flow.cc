#include "echo/load/flow.h"

#include <algorithm>

namespace isopoll::echo {

void Flow::Go(uint64_t requests) {
  limited_ = requests > 0;
  left_ = requests;
  phase_ = Phase::kIssuing;
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

bool Flow::TakeStart(absl::Duration now, absl::Duration* start) {
  if (!issuing() || (pacer_.paced() && pacer_.next() > now)) return false;
  *start = pacer_.Take(now);
  if (limited_ && --left_ == 0) phase_ = Phase::kDone;
  return true;
}

void Flow::CountAnswer(absl::Duration latency) {
  ++shared_.report.requests;
  shared_.report.bytes += options().size;
  shared_.report.latency.Record(static_cast<uint64_t>(
      std::max<int64_t>(absl::ToInt64Nanoseconds(latency), 0)));
}

// Patience is prolonged by every byte. To set the timer anew each time would
// cost more than to let it look in vain now and then.
void Flow::SetTimer(bool has_room, absl::Duration patience_until) {
  absl::Duration due = patience_until;
  if (has_room && issuing() && pacer_.paced()) {
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

void Flow::End() { Fail(LoadError::kOther, absl::OkStatus()); }

void Flow::Fail(LoadError error, const absl::Status& status) {
  if (over_) return;
  over_ = true;
  shared_.reactor.timers().Cancel(*this);
  watch_.Stop();
  fd_.reset();
  shared_.owner.OnOver(*this, status, error);
}

}  // namespace isopoll::echo
