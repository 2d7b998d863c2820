// KqueueQueue: one kqueue(2), the calls on it, and what wakes it up.

#ifndef ISOPOLL_POLLER_KQUEUE_KQUEUE_QUEUE_H_
#define ISOPOLL_POLLER_KQUEUE_KQUEUE_QUEUE_H_

#include <sys/event.h>

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "poller/core/fork_guard.h"
#include "poller/kqueue/kernel_fd.h"
#include "poller/kqueue/kqueue_system.h"

namespace isopoll {
namespace internal {

// The types of struct kevent's members differ: NetBSD's filters have no sign.
inline struct kevent MakeKevent(int ident, int64_t filter, uint32_t flags,
                                uint32_t notes = 0) {
  struct kevent event = {};
  event.ident = static_cast<decltype(event.ident)>(ident);
  event.filter = static_cast<decltype(event.filter)>(filter);
  event.flags = static_cast<decltype(event.flags)>(flags);
  event.fflags = static_cast<decltype(event.fflags)>(notes);
  return event;
}

class KqueueQueue {
 public:
  // `system` outlives the queue.
  static absl::StatusOr<KqueueQueue> Create(const KqueueSystem& system);

  KqueueQueue(KqueueQueue&&) = default;
  ~KqueueQueue();

  // Makes `changes`, each for itself. Leaves in each one's `data` 0, or the
  // errno with which the kernel refused it, and nothing else of use.
  void Change(absl::Span<struct kevent> changes) const;

  // kevent, as a wait: how many were found, or -1 and errno.
  int Wait(absl::Span<struct kevent> events, absl::Duration time) const;

  // Makes the Wait in progress, or else the next, return. From any thread and
  // from a signal handler; leaves errno alone.
  void Wake() const;

  // Whether `event` is only that someone called Wake. Takes note of it.
  bool TakeWake(const struct kevent& event) const;

  int fd() const { return kqueue_.get(); }
  // Whether `fd`, which is not negative, is the queue's own.
  bool Owns(int fd) const {
    return fd == kqueue_.get() || fd == read_end_.get() ||
           fd == write_end_.get();
  }

 private:
  KqueueQueue(const KqueueSystem& system, KernelFd kqueue);

  absl::Status AddWakeFilter();
  absl::Status MakePipe();

  const KqueueSystem* system_;
  ForkGuard fork_guard_;
  KernelFd kqueue_;
  // Where there is no EVFILT_USER.
  KernelFd read_end_;
  KernelFd write_end_;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_KQUEUE_KQUEUE_QUEUE_H_
