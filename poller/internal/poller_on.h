// PollerOn: a PollerCore on a set of which the class is known.
//
// Then the backend's code becomes part of Add, Remove and Wait, of which only
// one is left to return from after a system call. That matters: on many AMD
// processors Linux leaves the prediction of returns astray (its "Safe RET",
// against SRSO), and each return to where one was before the call takes 6 ns.

#ifndef ISOPOLL_POLLER_INTERNAL_POLLER_ON_H_
#define ISOPOLL_POLLER_INTERNAL_POLLER_ON_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "poller/backend.h"
#include "poller/event.h"
#include "poller/interest.h"
#include "poller/internal/deadline.h"
#include "poller/internal/descriptor_calls.h"
#include "poller/internal/harvest.h"
#include "poller/internal/no_cancellation.h"
#include "poller/internal/poller_core.h"
#include "poller/internal/registry.h"
#include "poller/poller.h"

namespace isopoll {
namespace internal {

// `BackendSet` is a final KernelSet.
template <typename BackendSet>
class PollerOn final : public PollerCore {
 public:
  PollerOn(Backend backend, const PollerOptions& options,
           std::unique_ptr<BackendSet> set)
      : PollerCore(backend, options, std::move(set)) {}

  absl::Status Add(int fd, Interest interest, Token token,
                   Trigger trigger) override {
    return AddOn(known_set(), fd, interest, token, trigger);
  }
  absl::Status Remove(int fd) override { return RemoveOn(known_set(), fd); }
  absl::StatusOr<WaitResult> Wait(absl::Span<Event> events,
                                  absl::Duration timeout) override {
    return WaitOn(known_set(), events, timeout);
  }

 private:
  BackendSet& known_set() { return static_cast<BackendSet&>(set()); }
};

template <typename BackendSet>
inline absl::Status PollerCore::AddOn(BackendSet& set, int fd,
                                      Interest interest, Token token,
                                      Trigger trigger) {
  if (!Plausible(fd, interest)) return CheckArguments(fd, interest);
  absl::MutexLock lock(&mutex_);
  if (registry_.Find(fd) != nullptr) return Registered(fd);
  return AddLocked(set, fd, interest, token, trigger);
}

template <typename BackendSet>
inline absl::Status PollerCore::AddLocked(BackendSet& set, int fd,
                                          Interest interest, Token token,
                                          Trigger trigger) {
  if (set.Owns(fd)) return OwnDescriptor(fd);
  const uint32_t generation = registry_.NewGeneration();
  absl::Status status = interest.empty()
                            ? calls_.CheckOpen(fd)
                            : set.Update(fd, generation, kNone, interest);
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
inline absl::Status PollerCore::RemoveOn(BackendSet& set, int fd) {
  if (!Plausible(fd, kNone)) return CheckArguments(fd, kNone);
  absl::MutexLock lock(&mutex_);
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr) return NotRegistered(fd);
  RemoveLocked(set, fd, *registration);
  return absl::OkStatus();
}

template <typename BackendSet>
inline void PollerCore::RemoveLocked(BackendSet& set, int fd,
                                     Registration& registration) {
  if (!registration.applied.empty()) {
    set.Update(fd, registration.generation, registration.applied, kNone)
        .IgnoreError();  // to stop watching never fails
  }
  registry_.Erase(registration);
  // Parked a moment ago, it may be in the kernel's hands still.
  if (asleep_ && !set.UpdateReachesSleeper()) {
    InterruptSleeper();
    AwaitSleeperLeft();
  }
}

template <typename BackendSet>
inline absl::StatusOr<WaitResult> PollerCore::WaitOn(BackendSet& set,
                                                     absl::Span<Event> events,
                                                     absl::Duration timeout) {
  if (!Plausible(events, timeout)) return CheckWait(events, timeout);
  const NoCancellation no_cancellation;
  Deadline deadline(timeout);
  absl::MutexLock lock(&mutex_);
  if (ABSL_PREDICT_FALSE(asleep_)) return SecondWait();
  if (ABSL_PREDICT_FALSE(options_.check_closed)) {
    return CheckingWait(events, &deadline);
  }
  // One round is nearly always enough, and often there is nothing to harvest.
  bool woken = false;
  const uint64_t snapshot = registry_.changes();
  const absl::Status applied = ApplyAll(set);
  absl::Status status = deadline.immediate() || !applied.ok()
                            ? LookFirst(set, events.size(), &woken)
                            : Sleep(set, &deadline, events.size(), &woken);
  if (ABSL_PREDICT_TRUE(status.ok() && applied.ok()) && !set.AnyFound() &&
      (woken || deadline.Passed())) {
    return WaitResult{0, woken};
  }
  Harvest harvest(&registry_, events, ++waits_, closed_finder());
  if (woken) harvest.SetWoken();
  harvest.BeginRound(snapshot);
  if (ABSL_PREDICT_TRUE(status.ok())) status = Collect(set, &harvest);
  if (status.ok() && !harvest.look_again()) status = applied;
  if (ABSL_PREDICT_FALSE(!status.ok())) return Failed(status, harvest);
  if (ABSL_PREDICT_FALSE(!Done(&deadline, harvest))) {
    return MoreRounds(&deadline, &harvest);
  }
  return Result(harvest);
}

template <typename BackendSet>
inline absl::Status PollerCore::Look(BackendSet& set, size_t room,
                                     bool* woken) {
  set.Prepare(room, registry_.size());
  Deadline immediate = Deadline::Immediate();
  absl::Status status = set.Sleep(&immediate);
  TakeWakeup(woken);
  return status;
}

template <typename BackendSet>
inline absl::Status PollerCore::LookFirst(BackendSet& set, size_t room,
                                          bool* woken) {
  // To give up the lock during a short call would cost more than to keep it.
  // During a long one others need it, who would hardly get it between one look
  // and the next.
  if (LookIsShort(set)) return Look(set, room, woken);
  set.Prepare(room, registry_.size());
  Deadline immediate = Deadline::Immediate();
  return SleepUnlocked(set, &immediate, [this, woken] { TakeWakeup(woken); });
}

template <typename BackendSet>
inline absl::Status PollerCore::Sleep(BackendSet& set, Deadline* deadline,
                                      size_t room, bool* woken) {
  // From here on a Wakeup interrupts; one that came before forbids to sleep.
  WakeState state = kAwake;
  if (!wake_.compare_exchange_strong(state, kAsleep,
                                     std::memory_order_acq_rel)) {
    return Look(set, room, woken);
  }
  set.Prepare(room, registry_.size());
  return SleepUnlocked(set, deadline, [this, woken] {
    *woken = wake_.exchange(kAwake, std::memory_order_acq_rel) == kWoken;
  });
}

template <typename BackendSet, typename Then>
inline absl::Status PollerCore::SleepUnlocked(BackendSet& set,
                                              Deadline* deadline, Then then) {
  asleep_ = true;
  ++sleeps_;
  mutex_.Unlock();
  absl::Status status = set.Sleep(deadline);
  then();
  mutex_.Lock();
  asleep_ = false;
  return status;
}

template <typename BackendSet>
inline absl::Status PollerCore::Collect(BackendSet& set, Harvest* harvest) {
  if (ABSL_PREDICT_TRUE(!options_.exact_hints)) return set.Collect(harvest);
  const size_t before = harvest->count();
  absl::Status status = set.Collect(harvest);
  AddHints(before, harvest);
  return status;
}

template <typename BackendSet>
ABSL_ATTRIBUTE_NOINLINE absl::Status PollerCore::ApplyQueued(BackendSet& set) {
  absl::Status result;
  registry_.ForEachQueued([this, &set, &result](int fd,
                                                Registration& registration) {
    // Under a new generation, and so under a new label: if the number was
    // closed and is another file's now, the kernel may hold on to the one it
    // had.
    const uint32_t generation = registry_.NewGeneration();
    const absl::Status status =
        set.Update(fd, generation, registration.applied, registration.interest);
    if (!status.ok() && !IsClosed(status)) {
      result.Update(status);
      return false;
    }
    registration.generation = generation;
    registration.applied = status.ok() ? registration.interest : kNone;
    registration.renewed = false;
    return true;
  });
  return result;
}

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_POLLER_ON_H_
