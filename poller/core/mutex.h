// Mutex: what absl::Mutex would be used for, at a cost that does not depend on
// how the program was built.

#ifndef ISOPOLL_POLLER_CORE_MUTEX_H_
#define ISOPOLL_POLLER_CORE_MUTEX_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/base/thread_annotations.h"

namespace isopoll {
namespace internal {

// Without NDEBUG, as Debian builds it, an absl::Mutex looks for deadlocks: to
// lock it and unlock it takes 380 instructions. A std::mutex takes 50, in two
// calls. This takes 8, of which two are atomic, and no call.
//
// Threads that find it locked sleep in the order in which they came, but one
// that comes just as it is unlocked may be sooner.
//
// It may be destroyed in a forked child, whatever it was in the parent.
class ABSL_LOCKABLE Mutex {
 public:
  // One thread's wait, in a variable of that thread. It is never destroyed in a
  // forked child: a condition variable would wait there for the threads that
  // slept on it in the parent.
  struct Waiter {
    std::condition_variable wake;
    bool woken = false;
    Waiter* next = nullptr;
  };

  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() {
    if (ABSL_PREDICT_FALSE(!TryLock())) LockSlowly();
  }
  void Unlock() ABSL_UNLOCK_FUNCTION() {
    if (ABSL_PREDICT_FALSE(
            state_.exchange(kUnlocked, std::memory_order_release) != kLocked)) {
      WakeFirst();
    }
  }

  // Unlocks it, returns when `waiter` has been woken, and has it locked again.
  void Await(Waiter* waiter) ABSL_EXCLUSIVE_LOCKS_REQUIRED(this);
  void Wake(Waiter* waiter);

 private:
  enum State : uint32_t {
    kUnlocked,
    kLocked,
    kAwaited,  // locked, and somebody may be asleep until it is not
  };

  bool TryLock() {
    State expected = kUnlocked;
    return state_.compare_exchange_strong(expected, kLocked,
                                          std::memory_order_acquire,
                                          std::memory_order_relaxed);
  }
  ABSL_ATTRIBUTE_NOINLINE void LockSlowly();
  ABSL_ATTRIBUTE_NOINLINE void WakeFirst();

  std::atomic<State> state_{kUnlocked};
  std::mutex sleep_mutex_;  // guards all that follows, and every Waiter
  Waiter* first_ = nullptr;
  Waiter** end_ = &first_;
};

class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex* mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex)
      : mutex_(*mutex) {
    mutex_.Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_MUTEX_H_
