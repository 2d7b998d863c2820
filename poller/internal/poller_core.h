// PollerCore: the Poller, whatever the backend. Arguments, tokens, one-shot and
// parked state, deadlines, threads and fork are dealt with here, once; a
// KernelSet does the rest.

#ifndef ISOPOLL_POLLER_INTERNAL_POLLER_CORE_H_
#define ISOPOLL_POLLER_INTERNAL_POLLER_CORE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "poller/backend.h"
#include "poller/event.h"
#include "poller/interest.h"
#include "poller/internal/closed_finder.h"
#include "poller/internal/deadline.h"
#include "poller/internal/descriptor_calls.h"
#include "poller/internal/fork_guard.h"
#include "poller/internal/harvest.h"
#include "poller/internal/hint_finder.h"
#include "poller/internal/kernel_set.h"
#include "poller/internal/registry.h"
#include "poller/poller.h"

namespace isopoll {
namespace internal {

class PollerCore : public Poller {
 public:
  absl::Status Modify(int fd, Interest interest, Token token,
                      Trigger trigger) override;
  absl::Status Set(int fd, Interest interest, Token token,
                   Trigger trigger) override;
  void Wakeup() override;
  Backend backend() const override { return backend_; }
  size_t size() const override { return registry_.size(); }

 protected:
  PollerCore(Backend backend, const PollerOptions& options,
             std::unique_ptr<KernelSet> set);

  KernelSet& set() { return *set_; }

  // The other methods of Poller, on the set of this one, whose class is known:
  // see PollerOn.
  template <typename BackendSet>
  absl::Status AddOn(BackendSet& set, int fd, Interest interest, Token token,
                     Trigger trigger);
  template <typename BackendSet>
  absl::Status RemoveOn(BackendSet& set, int fd);
  template <typename BackendSet>
  absl::StatusOr<WaitResult> WaitOn(BackendSet& set, absl::Span<Event> events,
                                    absl::Duration timeout);

 private:
  enum WakeState : uint32_t {
    kAwake,   // nobody sleeps: a Wakeup need only leave word
    kAsleep,  // a Wakeup must interrupt the sleeper
    kWoken,   // a Wakeup awaits its Wait
  };

  // Whether CheckArguments, or CheckWait, is OK.
  bool Plausible(int fd, Interest interest) const {
    return fd >= 0 && interest.valid() && !fork_guard_.InChild();
  }
  bool Plausible(absl::Span<Event> events, absl::Duration timeout) const {
    return !events.empty() && timeout >= absl::ZeroDuration() &&
           !fork_guard_.InChild();
  }
  absl::Status CheckArguments(int fd, Interest interest) const;
  absl::Status CheckWait(absl::Span<Event> events,
                         absl::Duration timeout) const;
  absl::Status CheckProcess() const;
  static absl::Status OwnDescriptor(int fd);
  static absl::Status Registered(int fd);
  static absl::Status NotRegistered(int fd);
  static absl::Status SecondWait();
  // Whether an Update failed because the fd was closed behind our back (R12).
  static bool IsClosed(const absl::Status& status) {
    return absl::IsFailedPrecondition(status);
  }

  // Add, Modify and Remove, when the arguments have been checked.
  template <typename BackendSet>
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status AddLocked(BackendSet& set, int fd,
                                                      Interest interest,
                                                      Token token,
                                                      Trigger trigger)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ModifyLocked(int fd, Registration& registration,
                            Interest interest, Token token, Trigger trigger)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  template <typename BackendSet>
  ABSL_ATTRIBUTE_ALWAYS_INLINE void RemoveLocked(BackendSet& set, int fd,
                                                 Registration& registration)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Makes the kernel set watch what the caller wants: at the next Wait, so that
  // a change and its undoing cost nothing, or at once if a Wait is running.
  void Apply(int fd, Registration& registration)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  template <typename BackendSet>
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status ApplyAll(BackendSet& set)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return registry_.AnyQueued() ? ApplyQueued(set) : absl::OkStatus();
  }
  template <typename BackendSet>
  absl::Status ApplyQueued(BackendSet& set)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Has a sleeper take up a change that its kernel call cannot see.
  void InterruptSleeper() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (asleep_ && !set_->UpdateReachesSleeper()) set_->Interrupt();
  }
  void AwaitSleeperLeft() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Wait for those who want check_closed.
  absl::StatusOr<WaitResult> CheckingWait(absl::Span<Event> events,
                                          Deadline* deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // For whoever asks whether `fd` was closed: it names the file that is meant.
  void NoteFile(int fd) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (ABSL_PREDICT_FALSE(options_.check_closed)) closed_finder_.Note(fd);
  }
  // The rounds of a Wait after the first, or all.
  absl::StatusOr<WaitResult> MoreRounds(Deadline* deadline, Harvest* harvest)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What Wait returns.
  static WaitResult Result(const Harvest& harvest) {
    return {harvest.count(), harvest.woken()};
  }
  static absl::StatusOr<WaitResult> Failed(const absl::Status& status,
                                           const Harvest& harvest);
  // Whether the Wait that has gathered `harvest` is at its end.
  static bool Done(Deadline* deadline, const Harvest& harvest) {
    if (harvest.look_again()) return false;
    return harvest.count() > 0 || harvest.woken() || deadline->Passed();
  }
  // One kernel call without sleep, for `room` events. Sets *woken if it
  // consumed a Wakeup. LookFirst may leave the lock meanwhile; whoever looks
  // again must not, or others' changes could outdate each look (R7, R4).
  template <typename BackendSet>
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Look(BackendSet& set, size_t room,
                                                 bool* woken)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  template <typename BackendSet>
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status LookFirst(BackendSet& set,
                                                      size_t room, bool* woken)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeWakeup(bool* woken) {
    if (wake_.load(std::memory_order_relaxed) != kWoken) return;
    wake_.exchange(kAwake, std::memory_order_acq_rel);
    *woken = true;
  }
  // Whether a kernel call without sleep takes 2 us at most: epoll and kqueue
  // need 200 ns whatever they watch, select and poll 30 ns for each descriptor.
  template <typename BackendSet>
  bool LookIsShort(const BackendSet& set) const {
    constexpr size_t kFew = 64;
    return set.UpdateReachesSleeper() || registry_.size() <= kFew;
  }
  // The same with sleep, and always without the lock meanwhile.
  template <typename BackendSet>
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Sleep(BackendSet& set,
                                                  Deadline* deadline,
                                                  size_t room, bool* woken)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The kernel call itself, and `then`, without the lock.
  template <typename BackendSet, typename Then>
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status SleepUnlocked(BackendSet& set,
                                                          Deadline* deadline,
                                                          Then then)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  template <typename BackendSet>
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Collect(BackendSet& set,
                                                    Harvest* harvest)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // To the events from `before` on, before the lock is released, and with it
  // the numbers for others to close.
  void AddHints(size_t before, Harvest* harvest)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void OfferAllClosed(Harvest* harvest) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Backend backend_;
  const PollerOptions options_;
  const std::unique_ptr<KernelSet> set_;
  const DescriptorCalls& calls_;  // those of set_
  const ClosedFinder* closed_finder() const {
    return options_.check_closed ? &closed_finder_ : nullptr;
  }

  const ForkGuard fork_guard_;

  std::atomic<WakeState> wake_{kAwake};

  absl::Mutex mutex_;
  Registry registry_;  // guarded by mutex_, but for size()
  HintFinder hint_finder_ ABSL_GUARDED_BY(mutex_);
  ClosedFinder closed_finder_;  // guarded by mutex_
  // A Wait is running and has left the lock: nothing else tells a second one,
  // since the first keeps the lock otherwise.
  bool asleep_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t sleeps_ ABSL_GUARDED_BY(mutex_) = 0;  // how many have begun

  uint32_t waits_ ABSL_GUARDED_BY(mutex_) = 0;  // numbers those that harvest
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_POLLER_CORE_H_
