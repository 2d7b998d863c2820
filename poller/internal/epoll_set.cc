// What epoll(7) does otherwise than select, and what is done about it:
//   - it reports HUP and ERR unasked: such an fd is muted by edge-triggering;
//   - it holds the file, not the number: a file whose number was closed without
//     Remove, while a dup lives on, is reported until the set is rebuilt;
//   - it refuses files that are always ready (EPERM): a surrogate stands in.

#include "poller/internal/epoll_set.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "net/unique_fd.h"
#include "poller/backend.h"
#include "poller/interest.h"
#include "poller/internal/deadline.h"
#include "poller/internal/descriptor_calls.h"
#include "poller/internal/errors.h"
#include "poller/internal/harvest.h"
#include "poller/internal/kernel_set.h"
#include "poller/internal/mask_dialect.h"
#include "poller/internal/poll_call.h"
#include "poller/internal/poller_on.h"
#include "poller/internal/registry.h"
#include "poller/internal/wakeup_fd.h"
#include "poller/poller.h"

namespace isopoll {
namespace internal {
namespace {

// As poll's: both bits and projection are the same (measured: equal masks in
// all 223 states of an open descriptor that were tried).
constexpr MaskDialect kEpollDialect = {
    /*ask_readable=*/EPOLLIN | EPOLLRDHUP,
    /*ask_writable=*/EPOLLOUT,
    /*ask_priority=*/EPOLLPRI,
    /*readable=*/EPOLLIN | EPOLLHUP | EPOLLERR,
    /*writable=*/EPOLLOUT | EPOLLERR,
    /*priority=*/EPOLLPRI,
    /*hangup=*/EPOLLHUP,
    /*read_closed=*/EPOLLRDHUP | EPOLLHUP,
    /*error=*/EPOLLERR,
};

// What the kernel keeps with each descriptor and gives back in its reports.
struct Label {
  int fd;
  uint32_t generation;

  uint64_t Pack() const {
    return uint64_t{generation} << 32 | static_cast<uint32_t>(fd);
  }
  static Label Unpack(uint64_t data) {
    return {static_cast<int>(data & UINT32_MAX),
            static_cast<uint32_t>(data >> 32)};
  }
};
// No registration's, as fd is not negative.
constexpr Label kWakeupLabel = {-1, 0};

absl::StatusOr<UniqueFd> MakeEpoll(const WakeupFd& wakeup) {
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return CallError(errno, "epoll_create1");
  // Edge-triggered, so that it need not be drained: each Signal is an edge.
  epoll_event event = {};
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = kWakeupLabel.Pack();
  if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wakeup.fd(), &event) == -1) {
    return CallError(errno, "epoll_ctl");
  }
  return epoll;
}

class EpollSet final : public KernelSet {
 public:
  EpollSet(WakeupFd wakeup, UniqueFd epoll)
      : wakeup_(std::move(wakeup)), epoll_(std::move(epoll)) {}

  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Update(int fd, uint32_t generation,
                                                   Interest from,
                                                   Interest to) override {
    if (!muted_.empty()) muted_.erase(fd);
    if (to.empty()) {
      Unwatch(fd);
      return absl::OkStatus();
    }
    return Watch(fd, generation, kEpollDialect.Ask(to), from.empty());
  }

  bool UpdateReachesSleeper() const override { return true; }

  void Prepare(size_t room, size_t watched) override {
    // One more than is watched, for the wake-up: then a full array means that
    // there may be more.
    asked_ = std::min(room, watched + 1);
    if (asked_ > found_.size()) Grow();
  }

  absl::Status Sleep(Deadline* deadline) override {
    count_ = deadline->immediate()  ? EpollWait(0)
             : deadline->infinite() ? EpollWait(-1)
                                    : TimedWait(deadline->Remaining());
    if (count_ == -1) {
      count_ = 0;
      if (errno != EINTR) return CallError(errno, "epoll_wait");
    }
    return absl::OkStatus();
  }

  bool AnyFound() const override { return count_ != 0 || orphans_; }

  absl::Status Collect(Harvest* harvest) override {
    int done = 0;
    if (muted_.empty() && surrogates_.empty() && !orphans_) {
      while (done < count_ && OfferPlain(harvest, found_[Index(done)])) ++done;
      if (done == count_) return absl::OkStatus();
    }
    return CollectFrom(done, harvest);
  }

  void Interrupt() override { wakeup_.Signal(); }

  bool Owns(int fd) const override {
    return fd == epoll_.get() || wakeup_.Owns(fd) || IsSurrogate(fd);
  }

 private:
  ABSL_ATTRIBUTE_NOINLINE void Grow() {
    asked_ = std::min(asked_, kMostEvents);
    if (asked_ > found_.size()) found_.resize(asked_);
  }

  static size_t Index(int i) { return static_cast<size_t>(i); }

  // False: it takes more thought.
  static bool OfferPlain(Harvest* harvest, const epoll_event& event) {
    const Label label = Label::Unpack(event.data.u64);
    return label.fd != kWakeupLabel.fd &&
           harvest->OfferPlain(label.fd, label.generation,
                               kEpollDialect.Readiness(event.events),
                               kEpollDialect.Hints(event.events));
  }

  // Collect, of what was found from `first` on.
  ABSL_ATTRIBUTE_NOINLINE absl::Status CollectFrom(int first,
                                                   Harvest* harvest) {
    bool passed_over = false;
    bool repeated = false;
    for (int i = first; i < count_ && !orphans_; ++i) {
      const epoll_event& event = found_[Index(i)];
      const Label label = Label::Unpack(event.data.u64);
      if (label.fd == kWakeupLabel.fd) {
        passed_over = true;
        continue;
      }
      if (!harvest->Knows(label.fd, label.generation)) {
        orphans_ = true;
        continue;
      }
      const Harvest::Outcome outcome = Offer(harvest, label, event.events);
      if (outcome == Harvest::Outcome::kReported) continue;
      (outcome == Harvest::Outcome::kRepeated ? repeated : passed_over) = true;
    }
    // The kernel's queue turns by as many as it reports: those that were passed
    // over took the place of others, who are next (R5). One met twice shows
    // that all were met.
    const bool cut = static_cast<size_t>(count_) == asked_;
    if (cut && passed_over && !repeated) harvest->LookAgain();
    if (!orphans_) return absl::OkStatus();
    harvest->LookAgain();
    absl::Status status = Rebuild(harvest);
    if (!status.ok()) {
      UnmuteAll(harvest);
      OfferPolled(harvest);
    }
    return status;
  }

  // EP_MAX_EVENTS of fs/eventpoll.c is about INT_MAX / 12.
  static constexpr size_t kMostEvents = INT_MAX / sizeof(epoll_event);

  // The descriptor that stands for `fd` in the kernel's set.
  int Standing(int fd) const {
    const auto surrogate = surrogates_.find(fd);
    return surrogate == surrogates_.end() ? fd : surrogate->second.get();
  }

  // Whether `fd` is a descriptor of ours that stands for another. It may have
  // the number of a registration that was closed without Remove.
  bool IsSurrogate(int fd) const {
    return !surrogates_.empty() && surrogate_fds_.contains(fd);
  }
  bool IsCallers(int fd) const {
    return descriptor_calls().IsOpen(fd) && !IsSurrogate(fd);
  }

  int Control(int operation, int fd, Label label, uint32_t mask) {
    epoll_event event = {};
    event.events = mask;
    event.data.u64 = label.Pack();
    return ::epoll_ctl(epoll_.get(), operation, fd, &event);
  }

  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Watch(int fd, uint32_t generation,
                                                  uint32_t mask, bool add) {
    if (IsSurrogate(fd)) return NotOpen(fd);
    const Label label = {fd, generation};
    // If a surrogate stands for it, the kernel does not know the fd itself.
    const bool known =
        !add && (surrogates_.empty() || !surrogates_.contains(fd));
    if (Control(known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, label, mask) == 0) {
      UnwatchSurrogate(fd);  // of the file that had the number before
      return absl::OkStatus();
    }
    return WatchOddly(label, mask, known);
  }

  // After epoll_ctl has refused what Watch asked for, and set errno.
  ABSL_ATTRIBUTE_NOINLINE absl::Status WatchOddly(Label label, uint32_t mask,
                                                  bool known) {
    const int fd = label.fd;
    // The number was closed behind our back. Either it is another file's now,
    // and the one it had may live on under the same label (ENOENT, and EPERM of
    // a file), or that one is back, with what we said of it (EEXIST).
    if (known && (errno == ENOENT || errno == EPERM)) orphans_ = true;
    if ((errno == ENOENT || errno == EEXIST) &&
        Control(known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, label, mask) == 0) {
      UnwatchSurrogate(fd);
      return absl::OkStatus();
    }
    if (errno == EPERM) return WatchSurrogate(label, mask);
    if (errno == EBADF) return NotOpen(fd);
    return CallError(errno, "epoll_ctl", fd);
  }

  // Never fails: whatever the kernel has against it, it does not watch the fd.
  void Unwatch(int fd) {
    if (!IsSurrogate(fd)) {
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    }
    UnwatchSurrogate(fd);
  }

  // In so many words: a forked child may hold the surrogate open.
  void UnwatchSurrogate(int fd) {
    if (!surrogates_.empty()) EraseSurrogate(fd);
  }

  ABSL_ATTRIBUTE_NOINLINE void EraseSurrogate(int fd) {
    const auto surrogate = surrogates_.find(fd);
    if (surrogate == surrogates_.end()) return;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, surrogate->second.get(), nullptr);
    surrogate_fds_.erase(surrogate->second.get());
    surrogates_.erase(surrogate);
  }

  // Watches an always-ready file by a descriptor of our own that is readable
  // and writable for good. It takes its turn in the kernel's queue like any
  // other, which keeps R5 exact, at the price of a descriptor.
  absl::Status WatchSurrogate(Label label, uint32_t mask) {
    if (const int standing = Standing(label.fd); standing != label.fd) {
      if (Control(EPOLL_CTL_MOD, standing, label, mask) == 0) {
        return absl::OkStatus();
      }
      return CallError(errno, "epoll_ctl", label.fd);
    }
    UniqueFd surrogate(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!surrogate) return CallError(errno, "eventfd", label.fd);
    if (Control(EPOLL_CTL_ADD, surrogate.get(), label, mask) == -1) {
      return CallError(errno, "epoll_ctl", label.fd);
    }
    surrogate_fds_.insert(surrogate.get());
    surrogates_[label.fd] = std::move(surrogate);
    return absl::OkStatus();
  }

  // Neither zero nor infinite.
  ABSL_ATTRIBUTE_NOINLINE int TimedWait(absl::Duration time) {
    // epoll_wait is quicker than epoll_pwait2. What is over a long time's
    // milliseconds is left for another Sleep.
    const int64_t milliseconds =
        absl::ToInt64Milliseconds(std::min(time, absl::Hours(1)));
    if (milliseconds >= 1000 || absl::Milliseconds(milliseconds) == time) {
      return EpollWait(static_cast<int>(milliseconds));
    }
    const timespec timeout = ToSleepTime(time);
    const int count =
        ::epoll_pwait2(epoll_.get(), found_.data(), static_cast<int>(asked_),
                       &timeout, nullptr);
    // Linux before 5.11; and filters of system calls that do not know it.
    if (count != -1 || (errno != ENOSYS && errno != EPERM)) return count;
    return EpollWait(static_cast<int>(
        absl::ToInt64Milliseconds(absl::Ceil(time, absl::Milliseconds(1)))));
  }

  int EpollWait(int milliseconds) {
    return ::epoll_wait(epoll_.get(), found_.data(), static_cast<int>(asked_),
                        milliseconds);
  }

  Harvest::Outcome Offer(Harvest* harvest, Label label, uint32_t mask) {
    const int fd = label.fd;
    if (!surrogates_.empty() && surrogates_.contains(fd) && !IsCallers(fd)) {
      return OfferClosed(harvest, fd);
    }
    const Harvest::Outcome outcome = harvest->Offer(
        fd, kEpollDialect.Readiness(mask), kEpollDialect.Hints(mask));
    if (outcome == Harvest::Outcome::kUnasked) {
      Mute(harvest, label);
    } else if (!muted_.empty()) {
      // Level-triggered again, so that what this edge said is not lost, be it
      // outdated or not.
      Unmute(harvest, label);
    }
    return outcome;
  }

  // A surrogate does not see that its file was closed.
  ABSL_ATTRIBUTE_NOINLINE Harvest::Outcome OfferClosed(Harvest* harvest,
                                                       int fd) {
    if (!harvest->OfferClosed(fd)) return Harvest::Outcome::kOutdated;
    Unwatch(fd);
    return Harvest::Outcome::kUnasked;
  }

  // Edge-triggers an fd that reports what nobody asked for: it will report once
  // more, and then only when something changes (R2).
  ABSL_ATTRIBUTE_NOINLINE void Mute(Harvest* harvest, Label label) {
    if (muted_.insert(label.fd).second &&
        Control(EPOLL_CTL_MOD, label.fd, label,
                Mask(harvest, label) | EPOLLET) == -1) {
      orphans_ = true;  // it is not this number's file that reports
    }
  }

  ABSL_ATTRIBUTE_NOINLINE void Unmute(Harvest* harvest, Label label) {
    if (muted_.erase(label.fd) != 0) {
      Control(EPOLL_CTL_MOD, label.fd, label, Mask(harvest, label));
    }
  }

  // For what edges said that were not offered.
  void UnmuteAll(Harvest* harvest) {
    const std::vector<int> muted(muted_.begin(), muted_.end());
    for (const int fd : muted) {
      const Registration* registration = harvest->registry().Find(fd);
      if (registration == nullptr) continue;  // closed, and removed since
      Unmute(harvest, {fd, registration->generation});
    }
  }

  static uint32_t Mask(Harvest* harvest, Label label) {
    return kEpollDialect.Ask(harvest->registry().Find(label.fd)->applied);
  }

  // Those watched, longest unreported first: the order in which the kernel's
  // queue would have them.
  static std::vector<int> InTurn(Harvest* harvest) {
    std::vector<std::pair<uint32_t, int>> waits_and_fds;
    harvest->registry().ForEach([&](int fd, const Registration& registration) {
      if (registration.applied.empty()) return;
      waits_and_fds.emplace_back(harvest->WaitsSinceReported(registration), fd);
    });
    std::sort(waits_and_fds.rbegin(), waits_and_fds.rend());
    std::vector<int> fds;
    for (const auto& [waits, fd] : waits_and_fds) fds.push_back(fd);
    return fds;
  }

  // Adds to the set, which is empty, what is watched.
  absl::Status WatchAll(Harvest* harvest) {
    for (const int fd : InTurn(harvest)) {
      Registration& registration = *harvest->registry().Find(fd);
      const Label label = {fd, registration.generation};
      const uint32_t mask = kEpollDialect.Ask(registration.applied);
      const int standing = Standing(fd);
      const bool taken = standing == fd && IsSurrogate(fd);
      if (!taken && Control(EPOLL_CTL_ADD, standing, label, mask) == 0) {
        continue;
      }
      if (!taken && (errno == ENOMEM || errno == ENOSPC)) {
        return CallError(errno, "epoll_ctl", fd);
      }
      registration.applied = kNone;  // closed behind our back too
    }
    return absl::OkStatus();
  }

  // Offers what poll(2) says of those watched. It knows no files but by their
  // numbers, and needs no descriptor, which is what Rebuild is in want of.
  ABSL_ATTRIBUTE_NOINLINE void OfferPolled(Harvest* harvest) {
    std::vector<pollfd> entries;
    for (const int fd : InTurn(harvest)) {
      if (IsSurrogate(fd)) continue;  // closed behind our back too
      const Interest applied = harvest->registry().Find(fd)->applied;
      entries.push_back(
          {fd, static_cast<short>(kEpollDialect.Ask(applied)), 0});
    }
    constexpr timespec kNoTime = {};
    if (PollFor(entries.data(), entries.size(), &kNoTime) <= 0) return;
    for (const pollfd& entry : entries) {
      if (harvest->full()) return;
      const auto mask = static_cast<uint16_t>(entry.revents);
      harvest->Offer(entry.fd, kEpollDialect.Readiness(mask),
                     kEpollDialect.Hints(mask));
    }
  }

  // Starts anew, without the files whose numbers were closed while a dup of
  // them lives on: with the number gone, epoll_ctl cannot name them.
  ABSL_ATTRIBUTE_NOINLINE absl::Status Rebuild(Harvest* harvest) {
    absl::StatusOr<UniqueFd> fresh = MakeEpoll(wakeup_);
    if (!fresh.ok()) return fresh.status();
    std::swap(epoll_, *fresh);
    absl::Status status = WatchAll(harvest);
    // Under the old number, since a new one might be one that a caller counts
    // on. If anything failed, the next Wait tries again.
    if (status.ok() && ::dup3(epoll_.get(), fresh->get(), O_CLOEXEC) == -1) {
      status = CallError(errno, "dup3");
    }
    if (status.ok()) {
      muted_.clear();
      orphans_ = false;
    }
    std::swap(epoll_, *fresh);
    return status;
  }

  WakeupFd wakeup_;
  UniqueFd epoll_;
  absl::flat_hash_map<int, UniqueFd> surrogates_;  // by the fd they stand for
  absl::flat_hash_set<int> surrogate_fds_;         // their own numbers
  absl::flat_hash_set<int> muted_;
  // The kernel holds files whose numbers were closed without Remove.
  bool orphans_ = false;
  std::vector<epoll_event> found_;
  size_t asked_ = 0;  // how many of found_ the kernel may write
  int count_ = 0;     // how many it wrote
};

}  // namespace

absl::StatusOr<std::unique_ptr<Poller>> MakeEpollPoller(
    const PollerOptions& options) {
  absl::StatusOr<WakeupFd> wakeup = WakeupFd::Create();
  if (!wakeup.ok()) return wakeup.status();
  absl::StatusOr<UniqueFd> epoll = MakeEpoll(*wakeup);
  if (!epoll.ok()) return epoll.status();
  return std::make_unique<PollerOn<EpollSet>>(
      Backend::kEpoll, options,
      std::make_unique<EpollSet>(*std::move(wakeup), *std::move(epoll)));
}

}  // namespace internal
}  // namespace isopoll
