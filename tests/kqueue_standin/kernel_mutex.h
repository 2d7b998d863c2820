// KernelMutex: a lock as a kernel has them. Who holds it is interrupted by no
// signal handler, and a handler may take it whatever it has interrupted, be it
// another lock of the program's: absl::Mutex would not stand that.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_KERNEL_MUTEX_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_KERNEL_MUTEX_H_

#include <mutex>

#include "absl/base/thread_annotations.h"
#include "tests/kqueue_standin/sleep.h"

namespace isopoll::kqueue_standin {

class ABSL_LOCKABLE KernelMutex {
 private:
  friend class KernelLock;
  std::mutex mutex_;
};

// Holds one while it lives.
class ABSL_SCOPED_LOCKABLE KernelLock {
 public:
  explicit KernelLock(KernelMutex* mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex)
      : lock_(mutex->mutex_) {}
  ~KernelLock() ABSL_UNLOCK_FUNCTION() = default;
  KernelLock(const KernelLock&) = delete;
  KernelLock& operator=(const KernelLock&) = delete;

 private:
  const SignalsHeld signals_;  // before the lock, and after it
  const std::lock_guard<std::mutex> lock_;
};

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_KERNEL_MUTEX_H_
