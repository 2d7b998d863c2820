// BackgroundCall: a call in a thread of its own, which may sleep in it.

#ifndef ISOPOLL_TESTS_SUPPORT_BACKGROUND_CALL_H_
#define ISOPOLL_TESTS_SUPPORT_BACKGROUND_CALL_H_

#include <pthread.h>
#include <sys/types.h>

#include <atomic>
#include <functional>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace isopoll::tests {

class BackgroundCall {
 public:
  explicit BackgroundCall(std::function<void()> call);
  // Waits until the call has returned.
  ~BackgroundCall() { thread_.join(); }
  BackgroundCall(const BackgroundCall&) = delete;
  BackgroundCall& operator=(const BackgroundCall&) = delete;

  // Waits until the thread sleeps in the kernel or the call has returned.
  // False: neither is so after `patience`.
  bool AwaitSleep(absl::Duration patience) const;

  bool HasReturned() const { return returned_.HasBeenNotified(); }
  // False if it has not returned after `patience`.
  bool AwaitReturn(absl::Duration patience) const {
    return returned_.WaitForNotificationWithTimeout(patience);
  }

  pthread_t thread() { return thread_.native_handle(); }
  // As the system numbers it; 0 as long as it has not started.
  pid_t thread_id() const { return thread_id_; }

 private:
  std::atomic<pid_t> thread_id_ = 0;
  absl::Notification returned_;
  std::thread thread_;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_BACKGROUND_CALL_H_
