#include "echo/service/pace.h"

#include <algorithm>

namespace isopoll::echo {

void Pace::OnTransfer(absl::Duration now, size_t bytes, size_t sent,
                      size_t owed) {
  if (bytes > 0) active_at_ = now;
  if (owed == 0) {
    window_at_ = absl::InfiniteDuration();
  } else if (!in_window()) {
    window_at_ = now;
    taken_ = 0;
    unsent_.reset();
  } else {
    taken_ += sent;
  }
}

Pace::Verdict Pace::Judge(absl::Duration now, const Limits& limits,
                          size_t unsent) {
  if (now - active_at_ >= limits.idle) return Verdict::kIdle;
  if (!in_window() || now - window_at_ < limits.rate_window) {
    return Verdict::kFine;
  }
  const double needed = static_cast<double>(limits.min_rate) *
                        absl::ToDoubleSeconds(limits.rate_window);
  // What was sent and is not there any more has been taken.
  const bool known = unsent_.has_value() || unsent == 0;
  const uint64_t before = taken_ + unsent_.value_or(0);
  const uint64_t taken = std::max(taken_, before - std::min(before, {unsent}));
  if (known && static_cast<double>(taken) < needed) return Verdict::kSlow;
  window_at_ = now;
  taken_ = 0;
  unsent_ = unsent;
  return Verdict::kFine;
}

absl::Duration Pace::due(const Limits& limits) const {
  absl::Duration due = active_at_ + limits.idle;
  if (in_window() && limits.min_rate > 0) {
    due = std::min(due, window_at_ + limits.rate_window);
  }
  return due;
}

}  // namespace isopoll::echo
