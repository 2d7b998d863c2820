// Queue: one kqueue.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_QUEUE_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_QUEUE_H_

#include <sys/event.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "isopoll/net/unique_fd.h"
#include "tests/kqueue_standin/facts.h"
#include "tests/kqueue_standin/kernel_mutex.h"
#include "tests/kqueue_standin/knote.h"
#include "tests/kqueue_standin/look.h"

namespace isopoll::kqueue_standin {

// A knote that has something to give stands in a line. Collect() takes it from
// the front, looks again, and puts it at the end: as the kernels do it, and
// the reason why a small eventlist passes nobody over.
//
// An epoll set, edge-triggered for all that can happen to a descriptor, says
// which knotes are to be looked at, and wakes who sleeps. It never has the
// last word, so that what it says too often does no harm.
//
// Safe for threads and signal handlers.
class Queue {
 public:
  // Null, and errno, if the kernel gives no descriptors.
  static std::shared_ptr<Queue> Create(const Facts& facts);

  const Facts& facts() const { return facts_; }

  // A number for the caller, who closes it.
  int NewNumber() const;

  // Applies one change. Returns an errno, or zero.
  int Change(const struct kevent& change);

  // Where to sleep: in poll(2), for input from both numbers. Then there may be
  // events, or not.
  struct Bed {
    int edges;
    int knock;
    uint64_t knocks;
  };

  // Takes up to `room` events, more than zero. If there are none, the caller is
  // in `bed` and has to leave it.
  int Collect(struct kevent* events, int room, Bed* bed);

  // Whether Collect() would give an event, with `bed` as there.
  bool HasEvents(Bed* bed);

  void Leave(const Bed& bed);

  // Knotes of the numbers go, as when these are closed.
  void Forget(unsigned first, unsigned last);

  // SO_RCVLOWAT of `fd` is about to change.
  void LowWaterMarkMoves(int fd);

  // The queue's number was closed: wakes who sleeps.
  void End();
  bool ended() const;

 private:
  // What is watched of one descriptor.
  struct Watched {
    Subject subject;
    // EVFILT_READ, EVFILT_WRITE, EVFILT_EXCEPT.
    std::array<std::unique_ptr<Knote>, 3> knotes;

    bool empty() const { return !knotes[0] && !knotes[1] && !knotes[2]; }
  };

  Queue(const Facts& facts, UniqueFd edges, UniqueFd knock);

  int ChangeOfUser(const struct kevent& change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int ChangeOfFd(const struct kevent& change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int Attach(const struct kevent& change, std::unique_ptr<Knote>* knote)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // An errno; else the descriptor is in `watched_`.
  int Watch(int fd) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void UnwatchIfEmpty(int fd) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Unwatch(int fd) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Update(Knote* knote, const struct kevent& change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Detach(Knote* knote) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Into the line, if it has something to give.
  void Activate(Knote* knote) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Enqueue(Knote* knote) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Dequeue(Knote* knote) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Activates what the epoll set has news of, and files, of which it has none.
  void TakeNews() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ActivateAllOf(Watched* watched) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether `knote`, first in the line, has an event. It stays in the line if
  // it can have another one.
  bool TakeFirst(struct kevent* event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Bed EnterBed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Wakes who sleeps.
  void Knock() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Facts& facts_;
  const UniqueFd edges_;  // epoll
  const UniqueFd knock_;  // eventfd, readable until all sleepers have woken

  mutable KernelMutex mutex_;
  absl::flat_hash_map<int, std::unique_ptr<Watched>> watched_
      ABSL_GUARDED_BY(mutex_);
  size_t files_ ABSL_GUARDED_BY(mutex_) = 0;  // watched, and not in the epoll
  std::map<uintptr_t, std::unique_ptr<Knote>> users_ ABSL_GUARDED_BY(mutex_);
  std::list<Knote*> line_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  size_t sleepers_ ABSL_GUARDED_BY(mutex_) = 0;
  // How many sleepers have yet to notice the last knock.
  size_t unanswered_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t knocks_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_QUEUE_H_
