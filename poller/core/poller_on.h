// PollerOn: the Poller, whatever the backend. Arguments, tokens, one-shot and
// parked state, deadlines, threads and fork are dealt with here, once; a
// KernelSet does the rest.

#ifndef ISOPOLL_POLLER_CORE_POLLER_ON_H_
#define ISOPOLL_POLLER_CORE_POLLER_ON_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/backend.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "poller/core/closed_finder.h"
#include "poller/core/deadline.h"
#include "poller/core/errors.h"
#include "poller/core/fork_guard.h"
#include "poller/core/harvest.h"
#include "poller/core/hint_finder.h"
#include "poller/core/mutex.h"
#include "poller/core/registry.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/platform.h"

namespace isopoll {
namespace internal {

// `BackendSet` is a final KernelSet. That its class is known makes the
// backend's code part of Add, Remove and Wait, of which only one is left to
// return from after a system call. That matters: on many AMD processors Linux
// leaves the prediction of returns astray (its "Safe RET", against SRSO), and
// each return to where one was before the call takes 6 ns.
template <typename BackendSet>
class PollerOn final : public Poller {
 public:
  // `set` is what the BackendSet is made of.
  template <typename... Args>
  explicit PollerOn(Backend backend, const PollerOptions& options,
                    Args&&... set)
      : backend_(backend),
        exact_hints_(options.exact_hints),
        set_(std::forward<Args>(set)...),
        hint_finder_(set_.descriptor_calls()),
        closed_finder_(set_.descriptor_calls()),
        reporter_of_closed_(options.check_closed ? &closed_finder_ : nullptr) {}

  absl::Status Add(int fd, Interest interest, Token token,
                   Trigger trigger) override;
  absl::Status Modify(int fd, Interest interest, Token token,
                      Trigger trigger) override;
  absl::Status Remove(int fd) override;
  absl::Status Set(int fd, Interest interest, Token token,
                   Trigger trigger) override;
  absl::StatusOr<WaitResult> Wait(absl::Span<Event> events,
                                  absl::Duration timeout) override;
  void Wakeup() override;
  Backend backend() const override { return backend_; }
  size_t size() const override { return registry_.size(); }

 private:
  enum WakeState : uint32_t {
    kAwake,   // nobody sleeps: a Wakeup need only leave word
    kAsleep,  // a Wakeup must interrupt the sleeper
    kWoken,   // a Wakeup awaits its Wait
  };

  // If not, ArgumentError, or WaitError, says why.
  bool ArgumentsAreValid(int fd, Interest interest) const {
    return fd >= 0 && interest.valid() && !fork_guard_.InChild();
  }
  bool WaitIsValid(absl::Span<Event> events, absl::Duration timeout) const {
    return !events.empty() && timeout >= absl::ZeroDuration() &&
           !fork_guard_.InChild();
  }
  absl::Status ArgumentError(int fd, Interest interest) const;
  ABSL_ATTRIBUTE_NOINLINE absl::StatusOr<WaitResult> WaitError(
      absl::Span<Event> events, absl::Duration timeout) const;

  // Add, Modify and Remove, when the arguments have been checked.
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status AddLocked(int fd, Interest interest,
                                                      Token token,
                                                      Trigger trigger)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ModifyLocked(int fd, Registration& registration,
                            Interest interest, Token token, Trigger trigger)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ABSL_ATTRIBUTE_ALWAYS_INLINE void RemoveLocked(int fd,
                                                 Registration& registration)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // For anyone who asks whether `fd` was closed: it names the file that is
  // meant.
  void NoteFile(int fd) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (ABSL_PREDICT_FALSE(reporter_of_closed_ != nullptr)) {
      closed_finder_.Note(fd);
    }
  }

  // Makes the kernel set watch what the caller wants: at the next Wait, so that
  // a change and its undoing cost nothing, or at once if a Wait is running.
  void Apply(int fd, Registration& registration)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status ApplyAll()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return registry_.AnyQueued() ? ApplyQueued() : absl::OkStatus();
  }
  ABSL_ATTRIBUTE_NOINLINE absl::Status ApplyQueued()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Has a sleeper take up a change that its kernel call cannot see.
  void InterruptSleeper() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (asleep_ && !set_.UpdateReachesSleeper()) set_.Interrupt();
  }
  // Returns when the sleeper has left the kernel. Another sleep that begins
  // after that knows of what was changed.
  void AwaitSleeperLeft() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ABSL_ATTRIBUTE_NOINLINE void SayThatSleeperLeft()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Whether a look without the lock would see all that is to be seen.
  bool MayGlance() const {
    return set_.MayGlance() && !registry_.AnyQueued() &&
           reporter_of_closed_ == nullptr &&
           wake_.load(std::memory_order_relaxed) == kAwake;
  }
  // Whether nobody has changed anything, nor called Wakeup, since changes() was
  // `snapshot`.
  bool IsQuietSince(uint64_t snapshot) const {
    return registry_.changes() == snapshot &&
           wake_.load(std::memory_order_relaxed) == kAwake;
  }
  // A look that was made without the lock: for whom, when, and what it found.
  template <typename Glimpse>
  struct UnlockedLook {
    absl::Span<Event> events;
    uint64_t snapshot;
    Glimpse glimpse;
  };
  // The rest of a Wait that has found `count` descriptors by such a look, and
  // the whole of one that has not looked.
  template <typename Glimpse>
  ABSL_ATTRIBUTE_NOINLINE absl::StatusOr<WaitResult> HarvestLook(
      const UnlockedLook<Glimpse>& look, int count);
  ABSL_ATTRIBUTE_NOINLINE absl::StatusOr<WaitResult> LockingWait(
      absl::Span<Event> events, absl::Duration timeout);
  // Wait for those who want check_closed.
  ABSL_ATTRIBUTE_NOINLINE absl::StatusOr<WaitResult> CheckingWait(
      absl::Span<Event> events, Deadline* deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The rounds of a Wait after the first, or all.
  ABSL_ATTRIBUTE_NOINLINE absl::StatusOr<WaitResult> MoreRounds(
      Deadline* deadline, Harvest* harvest)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void OfferAllClosed(Harvest* harvest) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
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
  // consumed a Wakeup. LookFirst may leave the lock meanwhile; the one that
  // looks again must not, or others' changes could outdate each look (R7, R4).
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Look(size_t room, bool* woken)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status LookFirst(size_t room, bool* woken)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether a kernel call without sleep takes 2 us at most: epoll and kqueue
  // need 200 ns whatever they watch, select and poll 30 ns for each descriptor.
  bool LookIsShort() const {
    constexpr size_t kFew = 64;
    return set_.UpdateReachesSleeper() || registry_.size() <= kFew;
  }
  // The same with sleep, and always without the lock meanwhile.
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Sleep(Deadline* deadline,
                                                  size_t room, bool* woken)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The kernel call itself, and `then`, without the lock.
  template <typename Then>
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status CallUnlocked(Deadline* deadline,
                                                         Then then)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeWakeup(bool* woken) {
    if (wake_.load(std::memory_order_relaxed) != kWoken) return;
    wake_.exchange(kAwake, std::memory_order_acq_rel);
    *woken = true;
  }
  ABSL_ATTRIBUTE_ALWAYS_INLINE absl::Status Collect(Harvest* harvest)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Backend backend_;
  const bool exact_hints_;
  const ForkGuard fork_guard_;
  std::atomic<WakeState> wake_{kAwake};

  Mutex mutex_;
  BackendSet set_;     // as KernelSet says
  Registry registry_;  // guarded by mutex_, but for size()
  HintFinder hint_finder_ ABSL_GUARDED_BY(mutex_);
  ClosedFinder closed_finder_;              // guarded by mutex_
  ClosedFinder* const reporter_of_closed_;  // null if nobody asked

  // A Wait is running and has left the lock: nothing else tells a second one,
  // since the first keeps the lock otherwise.
  bool asleep_ ABSL_GUARDED_BY(mutex_) = false;
  // Those who wait in AwaitSleeperLeft, linked.
  Mutex::Waiter* awaiting_sleeper_ ABSL_GUARDED_BY(mutex_) = nullptr;
  uint32_t waits_ ABSL_GUARDED_BY(mutex_) = 0;  // numbers those that harvest
};

// ---- Registrations ----

template <typename BackendSet>
absl::Status PollerOn<BackendSet>::Add(int fd, Interest interest, Token token,
                                       Trigger trigger) {
  if (!ArgumentsAreValid(fd, interest)) return ArgumentError(fd, interest);
  MutexLock lock(&mutex_);
  if (registry_.Find(fd) != nullptr) return AlreadyRegistered(fd);
  return AddLocked(fd, interest, token, trigger);
}

template <typename BackendSet>
absl::Status PollerOn<BackendSet>::Modify(int fd, Interest interest,
                                          Token token, Trigger trigger) {
  if (!ArgumentsAreValid(fd, interest)) return ArgumentError(fd, interest);
  MutexLock lock(&mutex_);
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr) return NotRegistered(fd);
  return ModifyLocked(fd, *registration, interest, token, trigger);
}

template <typename BackendSet>
absl::Status PollerOn<BackendSet>::Remove(int fd) {
  if (!ArgumentsAreValid(fd, kNone)) return ArgumentError(fd, kNone);
  MutexLock lock(&mutex_);
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr) return NotRegistered(fd);
  RemoveLocked(fd, *registration);
  return absl::OkStatus();
}

template <typename BackendSet>
absl::Status PollerOn<BackendSet>::Set(int fd, Interest interest, Token token,
                                       Trigger trigger) {
  if (!ArgumentsAreValid(fd, interest)) return ArgumentError(fd, interest);
  MutexLock lock(&mutex_);
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr) {
    if (interest.empty()) return absl::OkStatus();
    return AddLocked(fd, interest, token, trigger);
  }
  if (!interest.empty()) {
    return ModifyLocked(fd, *registration, interest, token, trigger);
  }
  RemoveLocked(fd, *registration);
  return absl::OkStatus();
}

template <typename BackendSet>
inline absl::Status PollerOn<BackendSet>::AddLocked(int fd, Interest interest,
                                                    Token token,
                                                    Trigger trigger) {
  if (set_.Owns(fd)) return OwnDescriptor(fd);
  const uint32_t generation = registry_.NewGeneration();
  absl::Status status = interest.empty()
                            ? set_.descriptor_calls().CheckOpen(fd)
                            : set_.Update(fd, generation, kNone, interest);
  if (!status.ok()) return status;
  Registration& registration = registry_.Insert(fd, generation);
  registration.token = token;
  registration.trigger = trigger;
  registration.interest = interest;
  registration.applied = interest;
  NoteFile(fd);
  if (!interest.empty()) InterruptSleeper();
  return absl::OkStatus();
}

template <typename BackendSet>
absl::Status PollerOn<BackendSet>::ModifyLocked(int fd,
                                                Registration& registration,
                                                Interest interest, Token token,
                                                Trigger trigger) {
  // To watch what is not watched may be refused, and must be known now (R18).
  if (registration.applied.empty() && !interest.empty()) {
    // Again, and so under a new generation: if the number was closed and is
    // another file's now, the kernel may hold the old one under the old.
    const uint32_t generation = registry_.NewGeneration();
    absl::Status status = set_.Update(fd, generation, kNone, interest);
    if (status.ok()) {
      registration.generation = generation;
      registration.applied = interest;
      InterruptSleeper();
    } else if (!IsNotOpen(status)) {
      return status;
    }
  } else if (interest == registration.applied && !interest.empty()) {
    // Only the kernel can tell whether the number is another file's by now
    // (R12): it is told again. But a change that is undone before it was told
    // is no change.
    const bool undone =
        !registration.interest.empty() && registration.interest != interest;
    if (!undone) registration.renewed = true;
  }
  registration.token = token;
  registration.trigger = trigger;
  registration.interest = interest;
  registry_.MarkChanged(registration);
  NoteFile(fd);
  Apply(fd, registration);
  return absl::OkStatus();
}

template <typename BackendSet>
inline void PollerOn<BackendSet>::RemoveLocked(int fd,
                                               Registration& registration) {
  if (!registration.applied.empty()) {
    set_.Update(fd, registration.generation, registration.applied, kNone)
        .IgnoreError();  // to stop watching never fails
  }
  registry_.Erase(registration);
  // Parked a moment ago, it may be in the kernel's hands still.
  if (asleep_ && !set_.UpdateReachesSleeper()) {
    InterruptSleeper();
    AwaitSleeperLeft();
  }
}

template <typename BackendSet>
void PollerOn<BackendSet>::Apply(int fd, Registration& registration) {
  if (!Registry::Unapplied(registration)) return;
  // What was found closed is not tried again before the next Modify.
  if (registration.applied.empty()) return;
  registry_.Queue(fd, registration);
  if (!asleep_) return;
  // What failed is queued still, for Wait to say.
  if (!ApplyQueued().ok()) set_.Interrupt();
  InterruptSleeper();
}

template <typename BackendSet>
absl::Status PollerOn<BackendSet>::ApplyQueued() {
  absl::Status result;
  registry_.ForEachQueued([this, &result](int fd, Registration& registration) {
    // Under a new generation, and so under a new label: if the number was
    // closed and is another file's now, the kernel may hold on to the one it
    // had.
    const uint32_t generation = registry_.NewGeneration();
    const absl::Status status = set_.Update(
        fd, generation, registration.applied, registration.interest);
    if (!status.ok() && !IsNotOpen(status)) {
      result.Update(status);
      // Nothing is said of it meanwhile: what is watched may be another file.
      set_.Update(fd, generation, registration.applied, kNone)
          .IgnoreError();  // to stop watching never fails
      registration.generation = generation;
      registration.applied = kNone;
      return false;
    }
    registration.generation = generation;
    registration.applied = status.ok() ? registration.interest : kNone;
    registration.renewed = false;
    return true;
  });
  return result;
}

template <typename BackendSet>
void PollerOn<BackendSet>::AwaitSleeperLeft() {
  Mutex::Waiter self;
  self.next = std::exchange(awaiting_sleeper_, &self);
  mutex_.Await(&self);
}

template <typename BackendSet>
void PollerOn<BackendSet>::SayThatSleeperLeft() {
  Mutex::Waiter* next = std::exchange(awaiting_sleeper_, nullptr);
  while (next != nullptr) {
    // One that is woken may be gone at once.
    Mutex::Waiter* const waiter = std::exchange(next, next->next);
    mutex_.Wake(waiter);
  }
}

// ---- Waiting ----

template <typename BackendSet>
absl::StatusOr<WaitResult> PollerOn<BackendSet>::Wait(absl::Span<Event> events,
                                                      absl::Duration timeout) {
  if (!WaitIsValid(events, timeout)) return WaitError(events, timeout);
  if constexpr (BackendSet::kGlances) {
    if (timeout == absl::ZeroDuration() && MayGlance()) {
      UnlockedLook<typename BackendSet::Glimpse> look;
      look.events = events;
      look.snapshot = registry_.changes();
      const int count = set_.Glance(events.size(), &look.glimpse);
      if (ABSL_PREDICT_FALSE(count > 0)) return HarvestLook(look, count);
      if (ABSL_PREDICT_TRUE(count == 0 && IsQuietSince(look.snapshot))) {
        return WaitResult{};
      }
      return LockingWait(look.events, absl::ZeroDuration());
    }
  }
  return LockingWait(events, timeout);
}

template <typename BackendSet>
template <typename Glimpse>
absl::StatusOr<WaitResult> PollerOn<BackendSet>::HarvestLook(
    const UnlockedLook<Glimpse>& look, int count) {
  const NoCancellation no_cancellation(false);
  const MutexLock lock(&mutex_);
  if (ABSL_PREDICT_FALSE(asleep_)) return SecondWait();
  Harvest harvest(&registry_, look.events, ++waits_, reporter_of_closed_);
  bool woken = false;
  TakeWakeup(&woken);
  if (woken) harvest.SetWoken();
  harvest.BeginRound(look.snapshot);
  set_.Take(look.glimpse, look.events.size(), count);
  const absl::Status status = Collect(&harvest);
  if (ABSL_PREDICT_FALSE(!status.ok())) return Failed(status, harvest);
  if (BackendSet::Glimpse::MayBeCut(count)) harvest.LookAgain();
  if (ABSL_PREDICT_FALSE(harvest.look_again())) {
    Deadline immediate = Deadline::Immediate();
    return MoreRounds(&immediate, &harvest);
  }
  return Result(harvest);
}

template <typename BackendSet>
absl::StatusOr<WaitResult> PollerOn<BackendSet>::LockingWait(
    absl::Span<Event> events, absl::Duration timeout) {
  Deadline deadline(timeout);
  // Of a look, which keeps the lock, unwinding gives that up and no more.
  const NoCancellation no_cancellation(!deadline.immediate());
  MutexLock lock(&mutex_);
  if (ABSL_PREDICT_FALSE(asleep_)) return SecondWait();
  if (ABSL_PREDICT_FALSE(reporter_of_closed_ != nullptr)) {
    return CheckingWait(events, &deadline);
  }
  // One round is nearly always enough, and often there is nothing to harvest.
  bool woken = false;
  const uint64_t snapshot = registry_.changes();
  const absl::Status applied = ApplyAll();
  absl::Status status = deadline.immediate() || !applied.ok()
                            ? LookFirst(events.size(), &woken)
                            : Sleep(&deadline, events.size(), &woken);
  if (ABSL_PREDICT_TRUE(status.ok() && applied.ok()) && !set_.AnyFound() &&
      (woken || deadline.Passed())) {
    return WaitResult{0, woken};
  }
  Harvest harvest(&registry_, events, ++waits_, reporter_of_closed_);
  if (woken) harvest.SetWoken();
  harvest.BeginRound(snapshot);
  if (ABSL_PREDICT_TRUE(status.ok())) status = Collect(&harvest);
  if (status.ok() && !harvest.look_again()) status = applied;
  if (ABSL_PREDICT_FALSE(!status.ok())) return Failed(status, harvest);
  if (ABSL_PREDICT_FALSE(!Done(&deadline, harvest))) {
    return MoreRounds(&deadline, &harvest);
  }
  return Result(harvest);
}

template <typename BackendSet>
absl::StatusOr<WaitResult> PollerOn<BackendSet>::CheckingWait(
    absl::Span<Event> events, Deadline* deadline) {
  Harvest harvest(&registry_, events, ++waits_, reporter_of_closed_);
  return MoreRounds(deadline, &harvest);
}

template <typename BackendSet>
absl::StatusOr<WaitResult> PollerOn<BackendSet>::MoreRounds(Deadline* deadline,
                                                            Harvest* harvest) {
  do {
    bool look = deadline->immediate() || harvest->look_again();
    bool woken = false;
    harvest->BeginRound(registry_.changes());
    if (reporter_of_closed_ != nullptr) OfferAllClosed(harvest);
    if (harvest->full()) {
      TakeWakeup(&woken);
      if (woken) harvest->SetWoken();
      break;
    }
    const absl::Status applied = ApplyAll();
    look = look || harvest->count() > 0 || !applied.ok();
    absl::Status status = look ? Look(harvest->room(), &woken)
                               : Sleep(deadline, harvest->room(), &woken);
    if (woken) harvest->SetWoken();
    if (status.ok()) status = Collect(harvest);
    if (status.ok() && !harvest->look_again()) status = applied;
    if (!status.ok()) return Failed(status, *harvest);
  } while (!Done(deadline, *harvest));
  return Result(*harvest);
}

template <typename BackendSet>
void PollerOn<BackendSet>::OfferAllClosed(Harvest* harvest) {
  registry_.ForEach([this, harvest](int fd, Registration& registration) {
    if (harvest->full()) return;
    if (!closed_finder_.Closed(fd) && !set_.Owns(fd)) return;
    if (!registration.applied.empty()) {
      set_.Update(fd, registration.generation, registration.applied, kNone)
          .IgnoreError();  // to stop watching never fails
    }
    harvest->OfferClosed(fd);
  });
}

template <typename BackendSet>
absl::StatusOr<WaitResult> PollerOn<BackendSet>::Failed(
    const absl::Status& status, const Harvest& harvest) {
  // Events that were taken must not be lost, nor a Wakeup: the error will come
  // again.
  if (harvest.count() > 0 || harvest.woken()) return Result(harvest);
  return status;
}

template <typename BackendSet>
inline absl::Status PollerOn<BackendSet>::Look(size_t room, bool* woken) {
  set_.Prepare(room, registry_.size());
  Deadline immediate = Deadline::Immediate();
  absl::Status status = set_.Call(&immediate);
  TakeWakeup(woken);
  return status;
}

template <typename BackendSet>
inline absl::Status PollerOn<BackendSet>::LookFirst(size_t room, bool* woken) {
  // To give up the lock during a short call would cost more than to keep it.
  // During a long one others need it, who would hardly get it between one look
  // and the next.
  if (LookIsShort()) return Look(room, woken);
  const NoCancellation no_cancellation(true);
  set_.Prepare(room, registry_.size());
  Deadline immediate = Deadline::Immediate();
  return CallUnlocked(&immediate, [this, woken] { TakeWakeup(woken); });
}

template <typename BackendSet>
inline absl::Status PollerOn<BackendSet>::Sleep(Deadline* deadline, size_t room,
                                                bool* woken) {
  // From here on a Wakeup interrupts; one that came before forbids to sleep.
  WakeState state = kAwake;
  if (!wake_.compare_exchange_strong(state, kAsleep,
                                     std::memory_order_acq_rel)) {
    return Look(room, woken);
  }
  set_.Prepare(room, registry_.size());
  return CallUnlocked(deadline, [this, woken] {
    *woken = wake_.exchange(kAwake, std::memory_order_acq_rel) == kWoken;
  });
}

template <typename BackendSet>
template <typename Then>
inline absl::Status PollerOn<BackendSet>::CallUnlocked(Deadline* deadline,
                                                       Then then) {
  asleep_ = true;
  mutex_.Unlock();
  absl::Status status = set_.Call(deadline);
  then();
  mutex_.Lock();
  asleep_ = false;
  if (ABSL_PREDICT_FALSE(awaiting_sleeper_ != nullptr)) SayThatSleeperLeft();
  return status;
}

template <typename BackendSet>
inline absl::Status PollerOn<BackendSet>::Collect(Harvest* harvest) {
  if (ABSL_PREDICT_TRUE(!exact_hints_)) return set_.Collect(harvest);
  const size_t before = harvest->count();
  absl::Status status = set_.Collect(harvest);
  // Before the lock is released, and with it the numbers for others to close.
  hint_finder_.AddHints(harvest->events().subspan(before));
  return status;
}

template <typename BackendSet>
void PollerOn<BackendSet>::Wakeup() {
  // A child's Wakeup would reach its parent, who shares the kernel objects.
  if (fork_guard_.InChild()) return;
  if (wake_.exchange(kWoken, std::memory_order_acq_rel) == kAsleep) {
    set_.Interrupt();
  }
}

// ---- Bad input ----

template <typename BackendSet>
absl::Status PollerOn<BackendSet>::ArgumentError(int fd,
                                                 Interest interest) const {
  if (fork_guard_.InChild()) return ParentsPoller();
  if (fd < 0) return NegativeDescriptor(fd);
  return UnknownBits(interest.bits());
}

template <typename BackendSet>
absl::StatusOr<WaitResult> PollerOn<BackendSet>::WaitError(
    absl::Span<Event> events, absl::Duration timeout) const {
  if (fork_guard_.InChild()) return ParentsPoller();
  if (events.empty()) return NoRoom();
  return NegativeTimeout(timeout);
}

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_POLLER_ON_H_
