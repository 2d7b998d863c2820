#include "echo/loop/timers.h"

#include <vector>

namespace isopoll::echo {

Timer::~Timer() {
  if (timers_ != nullptr) timers_->Cancel(*this);
}

Timers::~Timers() {
  while (!set_.empty()) Cancel(*set_.begin()->second);
}

void Timers::Set(Timer& timer, absl::Duration at) {
  Cancel(timer);
  if (at == absl::InfiniteDuration()) return;
  timer.timers_ = this;
  timer.at_ = at;
  set_.emplace(at, &timer);
}

void Timers::Cancel(Timer& timer) {
  if (timer.timers_ == nullptr) return;
  set_.erase({timer.at_, &timer});
  timer.timers_ = nullptr;
  timer.at_ = absl::InfiniteDuration();
}

absl::Status Timers::RunDue(absl::Duration now) {
  std::vector<std::pair<absl::Duration, Timer*>> due;
  for (auto it = set_.begin(); it != set_.end() && it->first <= now; ++it) {
    due.push_back(*it);
  }
  for (const auto& entry : due) {
    // An earlier one may have moved, cancelled or destroyed it.
    if (set_.count(entry) == 0) continue;
    Cancel(*entry.second);
    absl::Status status = entry.second->OnTimer();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

Ticker::Ticker(Timers& timers, absl::Duration interval,
               std::function<void()> call)
    : timers_(timers), interval_(interval), call_(std::move(call)) {
  timers_.Set(*this, SteadyNow() + interval_);
}

absl::Status Ticker::OnTimer() {
  call_();
  timers_.Set(*this, SteadyNow() + interval_);
  return absl::OkStatus();
}

}  // namespace isopoll::echo
