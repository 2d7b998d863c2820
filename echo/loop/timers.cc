#include "echo/loop/timers.h"

#include <algorithm>
#include <utility>

namespace isopoll::echo {

Timer::~Timer() {
  if (timers_ != nullptr) timers_->Cancel(*this);
}

Timers::~Timers() {
  for (std::vector<Timer*>* all : {&heap_, &due_}) {
    for (Timer* timer : *all) {
      if (timer != nullptr) timer->timers_ = nullptr;
    }
  }
}

void Timers::Set(Timer& timer, absl::Duration at) {
  Cancel(timer);
  if (at == absl::InfiniteDuration()) return;
  timer.timers_ = this;
  timer.at_ = at;
  heap_.push_back(&timer);
  timer.index_ = heap_.size() - 1;
  Rise(timer.index_);
}

void Timers::Cancel(Timer& timer) {
  if (timer.timers_ == nullptr) return;
  timer.timers_ = nullptr;
  timer.at_ = absl::InfiniteDuration();
  const size_t index = timer.index_;
  if (index >= heap_.size() || heap_[index] != &timer) {
    // RunDue holds it.
    std::replace(due_.begin(), due_.end(), &timer,
                 static_cast<Timer*>(nullptr));
    return;
  }
  Timer* const last = heap_.back();
  heap_.pop_back();
  if (last == &timer) return;
  Place(last, index);
  Rise(index);
  Sink(last->index_);
}

absl::Status Timers::RunDue(absl::Duration now) {
  while (next() <= now) {
    Timer* const timer = heap_[0];
    const absl::Duration at = timer->at_;
    Cancel(*timer);
    timer->timers_ = this;
    timer->at_ = at;
    timer->index_ = static_cast<size_t>(-1);
    due_.push_back(timer);
  }
  absl::Status status;
  for (size_t i = 0; i < due_.size() && status.ok(); ++i) {
    Timer* const timer = std::exchange(due_[i], nullptr);
    if (timer == nullptr) continue;
    timer->timers_ = nullptr;
    timer->at_ = absl::InfiniteDuration();
    status = timer->OnTimer();
  }
  // After an error, those left are due still.
  for (Timer* timer : std::exchange(due_, {})) {
    if (timer == nullptr) continue;
    const absl::Duration at = timer->at_;
    timer->timers_ = nullptr;
    Set(*timer, at);
  }
  return status;
}

void Timers::Place(Timer* timer, size_t index) {
  heap_[index] = timer;
  timer->index_ = index;
}

void Timers::Rise(size_t index) {
  Timer* const timer = heap_[index];
  while (index > 0) {
    const size_t parent = (index - 1) / 2;
    if (heap_[parent]->at_ <= timer->at_) break;
    Place(heap_[parent], index);
    index = parent;
  }
  Place(timer, index);
}

void Timers::Sink(size_t index) {
  Timer* const timer = heap_[index];
  for (;;) {
    size_t child = 2 * index + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1]->at_ < heap_[child]->at_) {
      ++child;
    }
    if (timer->at_ <= heap_[child]->at_) break;
    Place(heap_[child], index);
    index = child;
  }
  Place(timer, index);
}

}  // namespace isopoll::echo
