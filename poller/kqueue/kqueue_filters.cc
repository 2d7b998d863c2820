#include "poller/kqueue/kqueue_filters.h"

#include <sys/event.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "isopoll/interest.h"
#include "poller/core/errors.h"
#include "poller/kqueue/kqueue_queue.h"
#include "poller/kqueue/kqueue_system.h"

namespace isopoll {
namespace internal {
namespace {

constexpr std::array<Interest, 3> kDirections = {kReadable, kWritable,
                                                 kPriority};

bool Has(Interest set, Interest direction) {
  return !(set & direction).empty();
}

}  // namespace

// One change at most for each direction of a descriptor.
class KqueueFilters::Changes {
 public:
  void Push(const struct kevent& change) { changes_[size_++] = change; }
  absl::Span<struct kevent> list() {
    return absl::MakeSpan(changes_).first(size_);
  }

 private:
  std::array<struct kevent, kDirections.size()> changes_;
  size_t size_ = 0;
};

absl::Status KqueueFilters::Set(int fd, Interest before, Interest wanted,
                                bool* refused) const {
  Changes changes = ChangesTo(fd, before, wanted);
  queue_.Change(changes.list());
  absl::Status status;
  for (const struct kevent& change : changes.list()) {
    const int error = static_cast<int>(change.data);
    // To delete never fails: there was none, or the fd was closed.
    if (error == 0 || !Has(wanted, DirectionOf(change))) continue;
    if (IsRefusal(fd, error)) {
      *refused = true;
    } else {
      status.Update(error == EBADF ? NotOpen(fd)
                                   : CallError(error, "kevent", fd));
    }
  }
  if (!status.ok()) queue_.Change(ChangesTo(fd, wanted, before).list());
  return status;
}

void KqueueFilters::Delete(int fd, Interest directions) const {
  queue_.Change(ChangesTo(fd, directions, kNone).list());
}

int KqueueFilters::RenewPriority(int fd) const {
  struct kevent changes[] = {MakeDelete(fd, kPriority), MakeAdd(fd, kPriority)};
  queue_.Change(absl::MakeSpan(changes));
  return static_cast<int>(changes[1].data);
}

Interest KqueueFilters::DirectionOf(const struct kevent& event) const {
  if (event.filter == static_cast<decltype(event.filter)>(EVFILT_READ)) {
    return kReadable;
  }
  return event.filter == static_cast<decltype(event.filter)>(EVFILT_WRITE)
             ? kWritable
             : kPriority;
}

KqueueFilters::Changes KqueueFilters::ChangesTo(int fd, Interest before,
                                                Interest wanted) const {
  Changes changes;
  for (const Interest direction : kDirections) {
    if (Has(wanted, direction)) {
      changes.Push(MakeAdd(fd, direction));
    } else if (Has(before, direction)) {
      changes.Push(MakeDelete(fd, direction));
    }
  }
  return changes;
}

int64_t KqueueFilters::FilterOf(Interest direction) const {
  if (direction == kReadable) return EVFILT_READ;
  if (direction == kWritable) return EVFILT_WRITE;
  return system_.except.number;
}

// Level-triggered, but for priority, whose filter would not rest while there is
// plain data.
struct kevent KqueueFilters::MakeAdd(int fd, Interest direction) const {
  const bool priority = direction == kPriority;
  return MakeKevent(fd, FilterOf(direction),
                    priority ? EV_ADD | EV_CLEAR : EV_ADD,
                    priority ? system_.except.note : 0);
}

struct kevent KqueueFilters::MakeDelete(int fd, Interest direction) const {
  return MakeKevent(fd, FilterOf(direction), EV_DELETE);
}

// Whether `error` says that the filter does not work on this file, and not that
// something is amiss. Of a pipe whose reader is gone, FreeBSD says so with
// EPIPE, and NetBSD with EBADF.
bool KqueueFilters::IsRefusal(int fd, int error) const {
  switch (error) {
    case EBADF:
      return system_.IsOpen(fd);
    case EINVAL:
    case ENODEV:
    case ENXIO:
    case EOPNOTSUPP:
    case EPERM:
    case EPIPE:
      return true;
    default:
      return error == ENOTSUP;  // EOPNOTSUPP itself, on some systems
  }
}

}  // namespace internal
}  // namespace isopoll
