#include "poller/core/mutex.h"

#include <atomic>
#include <mutex>

#include "poller/system/platform.h"

namespace isopoll {
namespace internal {

void Mutex::LockSlowly() {
  // To sleep and to be woken takes longer than most callers keep it.
  for (int i = 0; i < 100; ++i) {
    if (state_.load(std::memory_order_relaxed) == kUnlocked && TryLock()) {
      return;
    }
  }
  const NoCancellation no_cancellation(true);
  std::unique_lock<std::mutex> lock(sleep_mutex_);
  while (state_.exchange(kAwaited, std::memory_order_acquire) != kUnlocked) {
    Waiter self;
    *end_ = &self;
    end_ = &self.next;
    self.wake.wait(lock, [&self] { return self.woken; });
  }
}

// The one that is woken leaves kAwaited behind, so that it wakes the next.
void Mutex::WakeFirst() {
  const std::lock_guard<std::mutex> lock(sleep_mutex_);
  if (first_ == nullptr) return;
  Waiter& waiter = *first_;
  first_ = waiter.next;
  if (first_ == nullptr) end_ = &first_;
  waiter.woken = true;
  waiter.wake.notify_one();
}

void Mutex::Await(Waiter* waiter) {
  const NoCancellation no_cancellation(true);
  Unlock();
  {
    std::unique_lock<std::mutex> lock(sleep_mutex_);
    waiter->wake.wait(lock, [waiter] { return waiter->woken; });
  }
  Lock();
}

void Mutex::Wake(Waiter* waiter) {
  const std::lock_guard<std::mutex> lock(sleep_mutex_);
  waiter->woken = true;
  waiter->wake.notify_one();
}

}  // namespace internal
}  // namespace isopoll
