// What epoll(7) does otherwise than select, and what is done about it:
//   - it reports HUP and ERR unasked: such an fd is muted by edge-triggering;
//   - it holds the file, not the number: a file whose number was closed without
//     Remove, while a dup lives on, is reported until the set is started again.
//     Now and then it is asked whether the files that report are still the
//     numbers';
//   - it refuses files that are always ready (EPERM): these are kept beside it,
//     and each Wait that has any looks without sleep;
//   - it queues on a file once, when it is added: a file that has no queue then
//     (a tun before TUNSETIFF) it never hears of again. Such files say EPOLLERR
//     and nothing else: those that do are added again before the next sleep.

#ifndef ISOPOLL_POLLER_EPOLL_EPOLL_SET_H_
#define ISOPOLL_POLLER_EPOLL_EPOLL_SET_H_

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "poller/core/deadline.h"
#include "poller/core/errors.h"
#include "poller/core/harvest.h"
#include "poller/core/kernel_set.h"
#include "poller/core/registry.h"
#include "poller/epoll/epoll_queue.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {
namespace internal {

// As poll's: both bits and projection are the same (measured: equal masks in
// all 223 states of an open descriptor that were tried).
inline constexpr MaskDialect kEpollDialect = {
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

// `Calls` is EpollCalls, or a test's.
template <typename Calls>
class EpollSet final : public KernelSet {
 public:
  // See EpollQueue.
  EpollSet(WakeupFd wakeup, UniqueFd epoll)
      : queue_(std::move(wakeup), std::move(epoll)) {}

  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Update(int fd, uint32_t generation,
                                                   Interest from,
                                                   Interest to) override {
    if (!muted_.empty()) muted_.erase(fd);
    if (!unheard_.empty() && unheard_.erase(fd) != 0) {
      queue_.Delete(fd);  // to be added again
    }
    if (to.empty()) {
      Unwatch(fd);
      return absl::OkStatus();
    }
    return Watch({fd, generation}, kEpollDialect.Ask(to), from.empty());
  }

  bool UpdateReachesSleeper() const override { return true; }

  void Prepare(size_t room, size_t watched) override {
    // One more than is watched, for the wake-up: then a full array means that
    // there may be more.
    asked_ = std::min(room, watched + 1);
    any_always_ready_ = false;
    if (ABSL_PREDICT_FALSE(!always_ready_.empty())) PrepareAlwaysReady(watched);
    if (asked_ > found_.size()) Grow();
  }

  absl::Status Call(Deadline* deadline) override {
    count_ = ABSL_PREDICT_FALSE(any_always_ready_)
                 ? queue_.Look(found_.data(), asked_)
                 : queue_.Wait(found_.data(), asked_, deadline);
    if (ABSL_PREDICT_FALSE(count_ == -1)) return NothingFound();
    return absl::OkStatus();
  }

  static constexpr bool kGlances = true;
  class Glimpse {
   public:
    static bool MayBeCut(int count) { return Index(count) == kMost; }

   private:
    friend EpollSet;

    static size_t Asked(size_t room) { return std::min(room, kMost); }

    // On the stack of a Wait, and so not for all that a caller may have room
    // for: to find more than that takes so long that another call matters
    // little.
    static constexpr size_t kMost = 256;
    std::array<epoll_event, kMost> found_;
  };
  bool MayGlance() const {
    return !any_always_ready_yet_.load(std::memory_order_relaxed);
  }
  int Glance(size_t room, Glimpse* glimpse) const {
    return queue_.Look(glimpse->found_.data(), Glimpse::Asked(room));
  }
  void Take(const Glimpse& glimpse, size_t room, int count) {
    asked_ = Glimpse::Asked(room);
    count_ = count;
    any_always_ready_ = false;
    if (Index(count) > found_.size()) found_.resize(Index(count));
    std::copy_n(glimpse.found_.begin(), count, found_.begin());
  }

  bool AnyFound() const override { return count_ != 0 || any_always_ready_; }

  absl::Status Collect(Harvest* harvest) override {
    int done = 0;
    // More than there is room for is asked for beside what is always ready,
    // though that may have been removed since.
    if (muted_.empty() && always_ready_.empty() &&
        Index(count_) <= harvest->room()) {
      while (done < count_ && OfferPlain(harvest, found_[Index(done)])) ++done;
      if (done == count_) return absl::OkStatus();
    }
    return CollectFrom(done, harvest);
  }

  void Interrupt() override { queue_.Interrupt(); }

  bool Owns(int fd) const override { return queue_.Owns(fd); }

  const DescriptorCalls& descriptor_calls() const override {
    return Calls::Descriptors();
  }

 private:
  using Outcome = Harvest::Outcome;
  using Queue = EpollQueue<Calls>;

  // Of count_, when there is no set to ask.
  static constexpr int kLost = -1;

  ABSL_ATTRIBUTE_NOINLINE void Grow() { found_.resize(asked_); }

  static size_t Index(int i) { return static_cast<size_t>(i); }

  ABSL_ATTRIBUTE_NOINLINE absl::Status NothingFound() {
    count_ = queue_.lost() ? kLost : 0;
    return queue_.lost() ? absl::OkStatus() : queue_.WaitError();
  }

  // ---- What was found ----

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
    if (count_ == kLost) return StartAnew(harvest);
    const bool cut = Index(count_) == asked_;
    if (!always_ready_.empty()) TakeAlwaysReadyInTurn(harvest);
    bool repeated = false;
    for (int i = first; i < count_; ++i) {
      const Label label = Label::Unpack(found_[Index(i)].data.u64);
      if (label.fd == kAlarmLabel.fd) return queue_.AlarmError();
      if (label.fd == kWakeupLabel.fd) continue;
      if (!IsNumbersFile(harvest, label)) return StartAnew(harvest);
      if (harvest->full()) {
        Unmute(harvest, label);  // so that this edge is not lost
        continue;
      }
      const Outcome outcome = Offer(harvest, label, found_[Index(i)].events);
      if (outcome == Outcome::kRepeated) repeated = true;
      if (outcome == Outcome::kUnasked && !Mute(harvest, label)) {
        return StartAnew(harvest);
      }
    }
    // The kernel's queue turns by as many as it reports: those that were passed
    // over took the place of others, who are next (R5). One met twice shows
    // that all were met.
    if (cut && !repeated) harvest->LookAgain();
    return absl::OkStatus();
  }

  Outcome Offer(Harvest* harvest, Label label, uint32_t mask) {
    if (IsAlwaysReady(label.fd)) return OfferAlwaysReady(harvest, label, mask);
    const Outcome outcome = harvest->Offer(
        label.fd, kEpollDialect.Readiness(mask), kEpollDialect.Hints(mask));
    if (outcome == Outcome::kUnasked) return outcome;
    // Level-triggered again, so that what this edge said is not lost, be it
    // outdated or not.
    Unmute(harvest, label);
    if (mask == EPOLLERR && outcome == Outcome::kReported) {
      unheard_.insert(label.fd);
      harvest->Renew(label.fd);
    }
    return outcome;
  }

  // Whether the file that reports under `label` is the number's still (R12).
  bool IsNumbersFile(Harvest* harvest, Label label) {
    if (!harvest->IsKnown(label.fd, label.generation)) return false;
    if (IsAlwaysReady(label.fd) || !harvest->TakeCheck(label.fd)) return true;
    return queue_.Control(EPOLL_CTL_MOD, label, Mask(harvest, label)) == 0;
  }

  // ---- What is watched by the kernel ----

  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Watch(Label label, uint32_t mask,
                                                  bool add) {
    const bool known = !add && !IsAlwaysReady(label.fd);
    const int operation = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (ABSL_PREDICT_FALSE(queue_.Control(operation, label, mask) == -1)) {
      return WatchRefused(label, mask, known);
    }
    if (!always_ready_.empty()) always_ready_.erase(label.fd);
    return absl::OkStatus();
  }

  // After epoll_ctl has refused what Watch asked for, and set errno.
  ABSL_ATTRIBUTE_NOINLINE absl::Status WatchRefused(Label label, uint32_t mask,
                                                    bool known) {
    if (errno == EPERM) {
      WatchAlwaysReady(label, mask);
      return absl::OkStatus();
    }
    // The number was closed behind our back. Either it is another file's now
    // (ENOENT), or that of one that was watched under it before (EEXIST).
    const int other = known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if ((errno == ENOENT || errno == EEXIST) &&
        queue_.Control(other, label, mask) == 0) {
      return absl::OkStatus();
    }
    if (queue_.lost()) return CallError(EMFILE, "epoll_create1");
    if (errno != EBADF) return CallError(errno, "epoll_ctl", label.fd);
    return NotOpen(label.fd);
  }

  // Never fails: whatever the kernel has against it, it does not watch the fd.
  void Unwatch(int fd) {
    queue_.Delete(fd);
    if (!always_ready_.empty()) always_ready_.erase(fd);
  }

  // Edge-triggers an fd that reports what nobody asked for: it will report once
  // more, and then only when something changes (R2). False: it is not this
  // number's file that reports.
  ABSL_ATTRIBUTE_NOINLINE bool Mute(Harvest* harvest, Label label) {
    return !muted_.insert(label.fd).second ||
           queue_.Control(EPOLL_CTL_MOD, label,
                          Mask(harvest, label) | EPOLLET) == 0;
  }

  void Unmute(Harvest* harvest, Label label) {
    if (!muted_.empty() && muted_.erase(label.fd) != 0) {
      queue_.Control(EPOLL_CTL_MOD, label, Mask(harvest, label));
    }
  }

  static uint32_t Mask(Harvest* harvest, Label label) {
    return kEpollDialect.Ask(harvest->registry().Find(label.fd)->applied);
  }

  // ---- What is always ready ----

  bool IsAlwaysReady(int fd) const {
    return !always_ready_.empty() && always_ready_.contains(fd);
  }

  void WatchAlwaysReady(Label label, uint32_t mask) {
    any_always_ready_yet_.store(true, std::memory_order_relaxed);
    always_ready_[label.fd] =
        Queue::EventFor(label, mask & (EPOLLIN | EPOLLOUT));
    queue_.Interrupt();  // a sleeper is to come and see
  }

  // They and what the kernel finds take turns, for which all must be known: as
  // many as are watched, with the wake-up in the place of one of them.
  ABSL_ATTRIBUTE_NOINLINE void PrepareAlwaysReady(size_t watched) {
    asked_ = watched;
    any_always_ready_ =
        std::any_of(always_ready_.begin(), always_ready_.end(),
                    [](const auto& entry) { return entry.second.events != 0; });
  }

  // Puts them among what was found, longest unreported first (R5).
  ABSL_ATTRIBUTE_NOINLINE void TakeAlwaysReadyInTurn(Harvest* harvest) {
    found_.resize(Index(count_));
    for (const auto& [fd, event] : always_ready_) {
      if (event.events != 0) found_.push_back(event);
    }
    count_ = static_cast<int>(found_.size());
    const auto waits = [harvest](const epoll_event& event) {
      const int fd = Label::Unpack(event.data.u64).fd;
      const Registration* registration = harvest->registry().Find(fd);
      return registration == nullptr
                 ? 0
                 : harvest->WaitsSinceReported(*registration);
    };
    std::sort(found_.begin(), found_.end(),
              [&waits](const epoll_event& one, const epoll_event& other) {
                return waits(one) > waits(other);
              });
  }

  Outcome OfferAlwaysReady(Harvest* harvest, Label label, uint32_t mask) {
    const int fd = label.fd;
    if (!descriptor_calls().IsOpen(fd)) {
      Unwatch(fd);
      return Outcome::kOutdated;
    }
    // By now the number may be a file's that the kernel can watch (R12).
    if (harvest->TakeCheck(fd) &&
        queue_.Control(EPOLL_CTL_ADD, label, Mask(harvest, label)) == 0) {
      always_ready_.erase(fd);
      harvest->LookAgain();
      return Outcome::kOutdated;
    }
    return harvest->Offer(fd, kEpollDialect.Readiness(mask), /*hints=*/0);
  }

  // ---- To start again ----

  // Without the files whose numbers were closed while a dup of them lives on:
  // with the number gone, epoll_ctl cannot name them.
  ABSL_ATTRIBUTE_NOINLINE absl::Status StartAnew(Harvest* harvest) {
    harvest->LookAgain();
    muted_.clear();
    always_ready_.clear();
    return queue_.StartAnew([this, harvest] { AddAll(harvest); });
  }

  // Adds to the set, which is empty, what is watched. What the kernel refuses
  // is queued: the next round adds it as it does what changes, with the old set
  // gone.
  void AddAll(Harvest* harvest) {
    for (const int fd : InTurn(harvest)) {
      Registration& registration = *harvest->registry().Find(fd);
      const Label label = {fd, registration.generation};
      const uint32_t mask = kEpollDialect.Ask(registration.applied);
      if (queue_.Control(EPOLL_CTL_ADD, label, mask) == 0) continue;
      registration.applied = kNone;
      harvest->registry().Queue(fd, registration);
    }
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

  EpollQueue<Calls> queue_;
  absl::flat_hash_set<int> muted_;
  // What reported EPOLLERR alone.
  absl::flat_hash_set<int> unheard_;
  // By fd, as the kernel would report them: without events, if nothing is asked
  // that they are ready for.
  absl::flat_hash_map<int, epoll_event> always_ready_;
  bool any_always_ready_ = false;  // with events, when Prepare looked
  std::atomic<bool> any_always_ready_yet_{false};  // and stays true
  std::vector<epoll_event> found_;
  size_t asked_ = 0;  // how many of found_ the kernel may write
  int count_ = 0;     // how many it wrote
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_EPOLL_EPOLL_SET_H_
