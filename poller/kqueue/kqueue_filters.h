// KqueueFilters: puts filters of descriptors into a kqueue, and takes them out.

#ifndef ISOPOLL_POLLER_KQUEUE_KQUEUE_FILTERS_H_
#define ISOPOLL_POLLER_KQUEUE_KQUEUE_FILTERS_H_

#include <sys/event.h>

#include <cstdint>

#include "absl/status/status.h"
#include "isopoll/interest.h"
#include "poller/kqueue/kqueue_queue.h"
#include "poller/kqueue/kqueue_system.h"

namespace isopoll {
namespace internal {

class KqueueFilters {
 public:
  // Both outlive it.
  KqueueFilters(const KqueueSystem& system, const KqueueQueue& queue)
      : system_(system), queue_(queue) {}

  // Makes `fd` have filters for the directions `wanted`, where it has those for
  // `before`. On error nothing has changed; FailedPrecondition is for an fd
  // that is not open. Sets *refused if a filter does not work on such a file:
  // then some are missing.
  absl::Status Set(int fd, Interest before, Interest wanted,
                   bool* refused) const;

  // Deletes those of `directions` that there are.
  void Delete(int fd, Interest directions) const;

  // Deletes the filter for priority and adds it again. Returns 0 or an errno.
  int RenewPriority(int fd) const;

  // The direction of the filter that `event` comes from.
  Interest DirectionOf(const struct kevent& event) const;

 private:
  class Changes;

  // Those that make of the filters for `before` those for `wanted`.
  Changes ChangesTo(int fd, Interest before, Interest wanted) const;

  int64_t FilterOf(Interest direction) const;
  struct kevent MakeAdd(int fd, Interest direction) const;
  struct kevent MakeDelete(int fd, Interest direction) const;

  bool IsRefusal(int fd, int error) const;

  const KqueueSystem& system_;
  const KqueueQueue& queue_;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_KQUEUE_KQUEUE_FILTERS_H_
