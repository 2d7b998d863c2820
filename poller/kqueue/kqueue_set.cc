// What kqueue(2) does otherwise than select, and what is done about it:
//   - it has a filter for each direction: what is found is merged by fd, and
//     all that is ready is asked for, however small the caller's span;
//   - it refuses some files, and is blind for some states of others: poll(2)
//     watches those, beside the kqueue itself (UnseenByFilters);
//   - a regular file is not ready at its end: fstat(2) tells that it always is;
//   - out-of-band data has a filter on macOS only, which also fires for other
//     things, and remembers a mark that has passed: only a filter just added is
//     believed. Elsewhere poll watches for it.

#include <fcntl.h>
#include <sys/event.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/backend.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/core/deadline.h"
#include "poller/core/errors.h"
#include "poller/core/harvest.h"
#include "poller/core/kernel_set.h"
#include "poller/core/poller_on.h"
#include "poller/kqueue/kqueue_filters.h"
#include "poller/kqueue/kqueue_queue.h"
#include "poller/kqueue/kqueue_system.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/platform.h"
#include "poller/system/poll_watch.h"

namespace isopoll {
namespace internal {
namespace {

// Who tells of the directions of one descriptor. One for all of them, since two
// would look at different moments.
enum class Way {
  kFilters,
  kPoll,
  kAlways,  // nobody: it is always readable and writable
};

// What the filters of one descriptor said, merged.
struct Found {
  bool read_end = false;   // EV_EOF of EVFILT_READ
  bool write_end = false;  // EV_EOF of EVFILT_WRITE
  bool error = false;
  Interest ready;
  HintBits poll_hints = 0;
};

struct Watched {
  Way way = Way::kFilters;
  Interest interest;
  Found found;
};

constexpr size_t kMostFilters = 3;  // of one descriptor

class KqueueSet final : public KernelSet {
 public:
  KqueueSet(const KqueueSystem& system, KqueueQueue queue)
      : system_(system),
        queue_(std::move(queue)),
        filters_(system, queue_),
        poll_(system.watching_poll, system.quiet_poll, *system.poll_dialect,
              queue_.fd()) {}

  // Events do not say which registration they are of. They need not: to close a
  // number takes its filters away, and Harvest knows what has changed since.
  absl::Status Update(int fd, uint32_t /*generation*/, Interest from,
                      Interest to) override {
    if (to.empty()) {
      Unwatch(fd);
      return absl::OkStatus();
    }
    absl::Status status = Watch(fd, to, from.empty());
    // Its filters went with it; nor shall poll look at the number.
    if (!from.empty() && absl::IsFailedPrecondition(status)) Unwatch(fd);
    return status;
  }

  bool UpdateReachesSleeper() const override { return sleeper_is_told_; }

  void Prepare(size_t /*room*/, size_t watched) override {
    RenewPriorityFilters();
    // All that may be found and one more, for the wake-up, and yet one more:
    // then a full array means that filters were added meanwhile.
    found_.resize(std::max(found_.size(), watched * kMostFilters + 2));
    poll_.Prepare();
    // What is found without sleep is as new as the filters: for sleep PollerOn
    // comes again.
    immediate_ = !always_.empty() || !renewed_.empty();
    sleeper_is_told_ = !Polls();
  }

  absl::Status Call(Deadline* deadline) override {
    count_ = 0;
    Deadline immediate = Deadline::Immediate();
    if (immediate_) deadline = &immediate;
    if (!Polls()) return Kevent(deadline->Remaining());
    absl::Status status = poll_.Call(deadline);
    if (poll_.count() == 0 || poll_.found()[0].revents == 0) return status;
    return Kevent(absl::ZeroDuration());
  }

  // To collect nothing costs nothing beside the kernel's calls.
  bool AnyFound() const override { return true; }

  absl::Status Collect(Harvest* harvest) override {
    const bool cut = count_ == found_.size();
    for (const struct kevent& event : absl::MakeSpan(found_).first(count_)) {
      TakeEvent(event);
    }
    TakePolled(harvest);
    TakeAlwaysReady(harvest);
    // Of what was cut off some directions may be missing, and of what is in
    // doubt all. Nothing is offered before it: it has its turn too (R5).
    if (cut || std::exchange(in_doubt_, false)) {
      harvest->LookAgain();
    } else {
      OfferTaken(harvest);
    }
    for (const int fd : taken_) At(fd).found = Found();
    taken_.clear();
    return absl::OkStatus();
  }

  void Interrupt() override { queue_.Wake(); }

  bool Owns(int fd) const override { return queue_.Owns(fd); }

  const DescriptorCalls& descriptor_calls() const override { return system_; }

 private:
  Watched& At(int fd) { return watched_[static_cast<size_t>(fd)]; }

  // The directions of `fd` that the kernel has a filter for.
  Interest Filters(int fd) {
    return At(fd).way == Way::kFilters ? At(fd).interest : kNone;
  }

  // Who can tell of `fd`. What the file is, is asked each time: the number may
  // have been closed, and be another's now.
  absl::StatusOr<Way> FindWay(int fd, Interest interest, bool is_new) const {
    struct stat file;
    if (system_.fstat(fd, &file) == -1) {
      // A terminal that was revoked has no status, and no filters either.
      absl::Status open = system_.CheckOpen(fd);
      if (!open.ok()) return open;
      return Way::kPoll;
    }
    int flags = 0;
    if (is_new || S_ISFIFO(file.st_mode)) {
      flags = system_.fcntl(fd, F_GETFL, 0);
      if ((flags & system_.path_only) != 0) return NotOpen(fd);
    }
    if (S_ISREG(file.st_mode) || S_ISDIR(file.st_mode) ||
        S_ISBLK(file.st_mode)) {
      return Way::kAlways;
    }
    Interest unseen = UnseenByFilters(system_, fd, file, flags);
    if (!system_.except.exists()) unseen |= kPriority;
    return (interest & unseen).empty() ? Way::kFilters : Way::kPoll;
  }

  absl::Status Watch(int fd, Interest to, bool is_new) {
    absl::StatusOr<Way> way = FindWay(fd, to, is_new);
    if (!way.ok()) return way.status();
    watched_.resize(std::max(watched_.size(), static_cast<size_t>(fd) + 1));
    to = system_.without_false_priority(fd, to);
    if (*way != Way::kFilters) {
      DropFilters(fd, *way, to);
      return absl::OkStatus();
    }
    bool refused = false;
    absl::Status status = filters_.Set(fd, Filters(fd), to, &refused);
    if (!status.ok()) return status;
    Note(fd, Way::kFilters, to);
    if (refused) PollInstead(fd);
    return absl::OkStatus();
  }

  void Unwatch(int fd) { DropFilters(fd, Way::kFilters, kNone); }

  // A kernel drops some filters by itself when they have fired for the end: of
  // a terminal that was revoked (XNU, tty_dev.c), of a device that is gone.
  void PollInstead(int fd) { DropFilters(fd, Way::kPoll, At(fd).interest); }

  // From now on `fd` is watched in this way, which needs no filters.
  void DropFilters(int fd, Way way, Interest interest) {
    filters_.Delete(fd, Filters(fd));
    Note(fd, way, interest);
  }

  // Takes note of how `fd` is watched now.
  void Note(int fd, Way way, Interest interest) {
    if (way == Way::kAlways) interest = interest & (kReadable | kWritable);
    if (interest.empty()) way = Way::kFilters;  // none of them
    if (way != Way::kFilters) sleeper_is_told_ = false;
    At(fd).way = way;
    At(fd).interest = interest;
    if (Filters(fd).priority()) Renew(fd);
    if (way == Way::kPoll) {
      poll_.Put(fd, system_.poll_dialect->Ask(interest));
    } else {
      poll_.Erase(fd);
    }
    if (way == Way::kAlways) {
      always_.insert(fd);
    } else {
      always_.erase(fd);
    }
  }

  // Has the priority filter of `fd` made again by the next Prepare. For as long
  // as a mark is pending that is each time: the filter tells of it once.
  void Renew(int fd) { to_renew_.insert(fd); }

  void RenewPriorityFilters() {
    renewed_.clear();
    for (const int fd : to_renew_) {
      if (!Filters(fd).priority()) continue;
      if (filters_.RenewPriority(fd) == 0) {
        renewed_.insert(fd);
      } else {
        PollInstead(fd);  // out of memory, or closed: the filter is gone
      }
    }
    to_renew_.clear();
  }

  // Whether poll looks at anything in this Call.
  bool Polls() const { return poll_.found().size() > 1; }

  absl::Status Kevent(absl::Duration time) {
    const int count = queue_.Wait(absl::MakeSpan(found_), time);
    count_ = static_cast<size_t>(std::max(count, 0));
    if (count >= 0 || errno == EINTR) return absl::OkStatus();
    if (errno == EBADF) return OwnDescriptorClosed(queue_.fd());
    return CallError(errno, "kevent");
  }

  // What was found of `fd`, to be added to.
  Found& Take(int fd) {
    taken_.push_back(fd);
    return At(fd).found;
  }

  void TakeEvent(const struct kevent& event) {
    if (queue_.TakeWake(event)) return;
    const int fd = static_cast<int>(event.ident);
    if ((event.flags & EV_ONESHOT) != 0) PollInstead(fd);
    Found& found = Take(fd);
    const bool end = (event.flags & EV_EOF) != 0;
    if (end && event.fflags != 0) found.error = true;
    const Interest direction = filters_.DirectionOf(event);
    if (direction == kPriority) {
      TakePriority(fd, !end && (event.fflags & system_.except.note) != 0);
    } else {
      found.ready |= direction;
      (direction == kReadable ? found.read_end : found.write_end) = end;
    }
  }

  // The filter fired, and says whether there is a mark. At the end it does not:
  // `fflags` is an errno then, and 54 has the note's bit.
  void TakePriority(int fd, bool marked) {
    Found& found = At(fd).found;
    if (!renewed_.contains(fd)) {
      in_doubt_ = true;
      Renew(fd);
    } else if (marked) {
      found.ready |= kPriority;
      Renew(fd);
    }
  }

  void TakePolled(Harvest* harvest) {
    if (poll_.count() == 0) return;
    for (const PollEntry& entry : absl::MakeSpan(poll_.found()).subspan(1)) {
      if (entry.revents == 0) continue;
      if ((entry.revents & POLLNVAL) != 0) {
        if (harvest->OfferClosed(entry.fd)) Unwatch(entry.fd);
      } else {
        const auto mask = static_cast<uint16_t>(entry.revents);
        Found& found = Take(entry.fd);
        found.ready = system_.poll_dialect->Readiness(mask);
        found.poll_hints = system_.poll_dialect->Hints(mask);
      }
    }
  }

  void TakeAlwaysReady(Harvest* harvest) {
    for (auto next = always_.begin(); next != always_.end();) {
      const int fd = *next++;  // which Unwatch takes out
      if (system_.IsOpen(fd)) {
        Take(fd).ready = At(fd).interest;
      } else if (harvest->OfferClosed(fd)) {
        Unwatch(fd);
      }
    }
  }

  // Offers what was taken. If it is more than there is room for, by number and
  // from behind the last one offered, so that none is starved (R5).
  void OfferTaken(Harvest* harvest) {
    if (taken_.size() > harvest->room()) {
      std::sort(taken_.begin(), taken_.end());
      std::rotate(taken_.begin(),
                  std::lower_bound(taken_.begin(), taken_.end(), next_fd_),
                  taken_.end());
    }
    for (const int fd : taken_) {
      if (harvest->full()) return;
      const Found& found = At(fd).found;
      harvest->Offer(fd, found.ready, Hints(found));
      next_fd_ = fd + 1;
    }
  }

  // A write filter alone also ends when we have shut our own side down.
  static HintBits Hints(const Found& found) {
    int hints = found.poll_hints;
    if (found.read_end) hints |= static_cast<int>(Hint::kReadClosed);
    if (found.read_end && found.write_end) {
      hints |= static_cast<int>(Hint::kHangup);
    }
    if (found.error) hints |= static_cast<int>(Hint::kError);
    return static_cast<HintBits>(hints);
  }

  const KqueueSystem& system_;
  KqueueQueue queue_;
  const KqueueFilters filters_;
  PollWatch poll_;
  std::vector<Watched> watched_;     // by fd
  absl::flat_hash_set<int> always_;  // those with something always ready
  // Whether the sleeper's kernel call sees all that was changed since.
  bool sleeper_is_told_ = true;

  // Whose priority filters are to be made again, and were, for this Call.
  absl::flat_hash_set<int> to_renew_, renewed_;

  // Of this Call.
  bool immediate_ = false;  // it does not sleep
  std::vector<struct kevent> found_;
  size_t count_ = 0;  // how many of found_ the kernel wrote

  // A priority filter fired that is too old to be believed.
  bool in_doubt_ = false;
  std::vector<int> taken_;  // whose `found` has something; some twice
  int next_fd_ = 0;         // where to start offering
};

}  // namespace

absl::StatusOr<std::unique_ptr<Poller>> MakeKqueuePoller(
    const KqueueSystem& system, const PollerOptions& options) {
  absl::StatusOr<KqueueQueue> queue = KqueueQueue::Create(system);
  if (!queue.ok()) return queue.status();
  return std::make_unique<PollerOn<KqueueSet>>(Backend::kKqueue, options,
                                               system, *std::move(queue));
}

}  // namespace internal
}  // namespace isopoll
