// What epoll(7) does otherwise than select, and what is done about it:
//   - it reports HUP and ERR unasked: such an fd is muted by edge-triggering;
//   - it holds the file, not the number: a file whose number was closed without
//     Remove, while a dup lives on, is reported until the set is rebuilt. Now
//     and then it is asked whether the files that report are still the
//     numbers';
//   - it refuses files that are always ready (EPERM): a surrogate stands in;
//   - it queues on a file once, when it is added: a file that has no queue then
//     (a tun before TUNSETIFF) it never hears of again. Such files say EPOLLERR
//     and nothing else: those that do are added anew before the next sleep.

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "net/unique_fd.h"
#include "poller/backend.h"
#include "poller/core/backends.h"
#include "poller/core/deadline.h"
#include "poller/core/errors.h"
#include "poller/core/harvest.h"
#include "poller/core/kernel_set.h"
#include "poller/core/poller_on.h"
#include "poller/core/registry.h"
#include "poller/epoll/epoll_pwait2.h"
#include "poller/interest.h"
#include "poller/poller.h"
#include "poller/unix/descriptor_calls.h"
#include "poller/unix/mask_dialect.h"
#include "poller/unix/wakeup_fd.h"

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
constexpr Label kAlarmLabel = {-2, 0};

absl::StatusOr<UniqueFd> MakeEpoll(const WakeupFd& wakeup) {
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return CallError(errno, "epoll_create1");
  // Edge-triggered, so that it need not be drained: each Signal is an edge.
  epoll_event event = {};
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = kWakeupLabel.Pack();
  if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wakeup.fd(), &event) == -1) {
    return errno == EBADF ? OwnDescriptorClosed(wakeup.fd())
                          : CallError(errno, "epoll_ctl");
  }
  return epoll;
}

class EpollSet final : public KernelSet {
 public:
  EpollSet(WakeupFd wakeup, UniqueFd epoll)
      : wakeup_(std::move(wakeup)), epoll_(std::move(epoll)) {}
  ~EpollSet() override { UniqueFd(alarm_.load()).reset(); }

  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Update(int fd, uint32_t generation,
                                                   Interest from,
                                                   Interest to) override {
    if (!muted_.empty()) muted_.erase(fd);
    if (!unheard_.empty() && unheard_.erase(fd) != 0) {
      Unwatch(fd);  // to be added anew
      from = kNone;
    }
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
    if (!unheard_.empty()) AddUnheardAnew();
  }

  absl::Status Call(Deadline* deadline) override {
    count_ = deadline->immediate()  ? EpollWait(0)
             : deadline->infinite() ? EpollWait(-1)
                                    : TimedWait(deadline->Remaining());
    if (ABSL_PREDICT_FALSE(count_ == -1)) return NothingFound();
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

  void Interrupt() override {
    if (ABSL_PREDICT_FALSE(!wakeup_.Signal())) RaiseAlarm();
  }

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
    return label.fd >= 0 && event.events != EPOLLERR &&
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
      if (label.fd == kAlarmLabel.fd) return OwnDescriptorClosed(wakeup_.fd());
      if (label.fd == kWakeupLabel.fd) {
        passed_over = true;
        continue;
      }
      if (!harvest->Knows(label.fd, label.generation)) {
        orphans_ = true;
        continue;
      }
      if (harvest->TakeCheck(label.fd) && !IsNumbersFile(harvest, label.fd)) {
        harvest->LookAgain();
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
    return Rebuild(harvest);
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

  // After the kernel has said -1 of a wait, and set errno.
  ABSL_ATTRIBUTE_NOINLINE absl::Status NothingFound() {
    count_ = 0;
    if (errno == EINTR) return absl::OkStatus();
    // Given up by Rebuild, which Collect is to try again.
    if (!epoll_) return absl::OkStatus();
    if (errno == EBADF || errno == EINVAL) {
      return OwnDescriptorClosed(epoll_.get());
    }
    return CallError(errno, "epoll_wait");
  }

  // Wakes the sleeper though the wake-up's descriptor was closed by somebody
  // else, and has every Wait say so. From any thread and from a signal handler.
  void RaiseAlarm() {
    const int saved_errno = errno;
    const int alarm = ::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
    int none = -1;
    if (alarm_.compare_exchange_strong(none, alarm)) {
      epoll_event event = {};
      event.events = EPOLLIN;
      event.data.u64 = kAlarmLabel.Pack();
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, alarm, &event);
    } else {
      UniqueFd(alarm).reset();
    }
    errno = saved_errno;
  }

  // Whether the file that reports under `fd` is that number's still (R12). If
  // the number is another file's by now, that one is watched from here on, and
  // the one it had is left to Rebuild, as is one whose number was closed.
  ABSL_ATTRIBUTE_NOINLINE bool IsNumbersFile(Harvest* harvest, int fd) {
    const Registration& registration = *harvest->registry().Find(fd);
    const Interest applied = registration.applied;
    const bool by_surrogate = Standing(fd) != fd;
    const absl::Status status =
        Update(fd, registration.generation, applied, applied);
    if (absl::IsFailedPrecondition(status)) orphans_ = true;
    return !orphans_ && (Standing(fd) != fd) == by_surrogate;
  }

  // What reported EPOLLERR alone may have no queue yet: see above.
  ABSL_ATTRIBUTE_NOINLINE void AddUnheardAnew() {
    for (const auto& [fd, event] : unheard_) {
      epoll_event again = event;
      if (::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr) == 0 &&
          ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &again) == -1) {
        orphans_ = true;  // it is watched no more, until all is added anew
      }
    }
    unheard_.clear();
  }

  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Watch(int fd, uint32_t generation,
                                                  uint32_t mask, bool add) {
    if (ABSL_PREDICT_FALSE(IsSurrogate(fd))) {
      UnwatchSurrogate(fd);  // its own, if it was a file's number before
      return NotOpen(fd);
    }
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
    if (!epoll_) return CallError(EMFILE, "epoll_create1");
    if (errno == EBADF) {
      UnwatchSurrogate(fd);  // of the file that had the number
      return NotOpen(fd);
    }
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
    // milliseconds is left for another call.
    const int64_t milliseconds =
        absl::ToInt64Milliseconds(std::min(time, absl::Hours(1)));
    if (milliseconds >= 1000 || absl::Milliseconds(milliseconds) == time) {
      return EpollWait(static_cast<int>(milliseconds));
    }
    const timespec timeout = ToSleepTime(time);
    const int count = EpollPwait2(epoll_.get(), found_.data(),
                                  static_cast<int>(asked_), timeout);
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
      return outcome;
    }
    // Level-triggered again, so that what this edge said is not lost, be it
    // outdated or not.
    if (!muted_.empty()) Unmute(harvest, label);
    if (mask == EPOLLERR && outcome == Harvest::Outcome::kReported) {
      epoll_event& again = unheard_[fd];
      again.events = Mask(harvest, label);
      again.data.u64 = label.Pack();
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

  // Adds to the set, which is empty, what is watched. False: the kernel is out
  // of memory or watches, and would not take all.
  bool WatchAll(Harvest* harvest) {
    bool all = true;
    for (const int fd : InTurn(harvest)) {
      Registration& registration = *harvest->registry().Find(fd);
      const Label label = {fd, registration.generation};
      const uint32_t mask = kEpollDialect.Ask(registration.applied);
      const int standing = Standing(fd);
      const bool taken = standing == fd && IsSurrogate(fd);
      if (!taken && Control(EPOLL_CTL_ADD, standing, label, mask) == 0) {
        continue;
      }
      registration.applied = kNone;
      if (!taken && (errno == ENOMEM || errno == ENOSPC)) {
        all = false;
        harvest->registry().Queue(fd, registration);
      } else {
        UnwatchSurrogate(fd);  // closed behind our back too
      }
    }
    return all;
  }

  // Starts anew, without the files whose numbers were closed while a dup of
  // them lives on: with the number gone, epoll_ctl cannot name them.
  ABSL_ATTRIBUTE_NOINLINE absl::Status Rebuild(Harvest* harvest) {
    // All that is watched is added.
    muted_.clear();
    unheard_.clear();
    if (RebuildBeside(harvest)) return absl::OkStatus();
    // There is no descriptor left, or no memory for two sets. The old one gives
    // up its own. What cannot be watched even so is queued, and told by Wait.
    epoll_.reset();
    absl::StatusOr<UniqueFd> fresh = MakeEpoll(wakeup_);
    if (!fresh.ok()) return fresh.status();
    epoll_ = *std::move(fresh);
    WatchAll(harvest);
    orphans_ = false;
    return absl::OkStatus();
  }

  // Makes the new set beside the old one, and gives it the old one's number,
  // since a new one might be one that a caller counts on.
  bool RebuildBeside(Harvest* harvest) {
    absl::StatusOr<UniqueFd> fresh = MakeEpoll(wakeup_);
    if (!fresh.ok() || !epoll_) return false;
    std::swap(epoll_, *fresh);
    const bool done = WatchAll(harvest) &&
                      ::dup3(epoll_.get(), fresh->get(), O_CLOEXEC) != -1;
    std::swap(epoll_, *fresh);
    if (done) orphans_ = false;
    return done;
  }

  WakeupFd wakeup_;
  UniqueFd epoll_;
  absl::flat_hash_map<int, UniqueFd> surrogates_;  // by the fd they stand for
  absl::flat_hash_set<int> surrogate_fds_;         // their own numbers
  absl::flat_hash_set<int> muted_;
  // What reported EPOLLERR alone, with what was asked of it.
  absl::flat_hash_map<int, epoll_event> unheard_;
  // The kernel holds files whose numbers were closed without Remove.
  bool orphans_ = false;
  std::atomic<int> alarm_{-1};  // a descriptor, once it was raised
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
      Backend::kEpoll, options, *std::move(wakeup), *std::move(epoll));
}

}  // namespace internal
}  // namespace isopoll
