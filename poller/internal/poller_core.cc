#include "poller/internal/poller_core.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "poller/event.h"
#include "poller/interest.h"
#include "poller/internal/deadline.h"
#include "poller/internal/descriptor_calls.h"
#include "poller/internal/harvest.h"
#include "poller/internal/kernel_set.h"
#include "poller/internal/poller_on.h"
#include "poller/internal/registry.h"
#include "poller/poller.h"

namespace isopoll {
namespace internal {

PollerCore::PollerCore(Backend backend, const PollerOptions& options,
                       std::unique_ptr<KernelSet> set)
    : backend_(backend),
      options_(options),
      set_(std::move(set)),
      calls_(set_->descriptor_calls()),
      hint_finder_(calls_),
      closed_finder_(calls_) {}

absl::Status PollerCore::Modify(int fd, Interest interest, Token token,
                                Trigger trigger) {
  if (!Plausible(fd, interest)) return CheckArguments(fd, interest);
  absl::MutexLock lock(&mutex_);
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr) return NotRegistered(fd);
  return ModifyLocked(fd, *registration, interest, token, trigger);
}

absl::Status PollerCore::Set(int fd, Interest interest, Token token,
                             Trigger trigger) {
  if (!Plausible(fd, interest)) return CheckArguments(fd, interest);
  absl::MutexLock lock(&mutex_);
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr) {
    if (interest.empty()) return absl::OkStatus();
    return AddLocked(*set_, fd, interest, token, trigger);
  }
  if (!interest.empty()) {
    return ModifyLocked(fd, *registration, interest, token, trigger);
  }
  RemoveLocked(*set_, fd, *registration);
  return absl::OkStatus();
}

absl::Status PollerCore::ModifyLocked(int fd, Registration& registration,
                                      Interest interest, Token token,
                                      Trigger trigger) {
  // To watch what is not watched may be refused, and must be known now (R18).
  if (registration.applied.empty() && !interest.empty()) {
    // Anew, and so under a new generation: if the number was closed and is
    // another file's now, the kernel may hold the old one under the old.
    const uint32_t generation = registry_.NewGeneration();
    absl::Status status = set_->Update(fd, generation, kNone, interest);
    if (status.ok()) {
      registration.generation = generation;
      registration.applied = interest;
      InterruptSleeper();
    } else if (!IsClosed(status)) {
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

void PollerCore::Wakeup() {
  // A child's Wakeup would reach its parent, who shares the kernel objects.
  if (fork_guard_.InChild()) return;
  if (wake_.exchange(kWoken, std::memory_order_acq_rel) == kAsleep) {
    set_->Interrupt();
  }
}

absl::Status PollerCore::CheckArguments(int fd, Interest interest) const {
  if (absl::Status status = CheckProcess(); !status.ok()) return status;
  if (fd < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("fd ", fd, " is negative: no descriptor"));
  }
  if (!interest.valid()) {
    return absl::InvalidArgumentError(
        absl::StrCat("interest has unknown bits: ", interest.bits()));
  }
  return absl::OkStatus();
}

absl::Status PollerCore::CheckWait(absl::Span<Event> events,
                                   absl::Duration timeout) const {
  if (absl::Status status = CheckProcess(); !status.ok()) return status;
  if (events.empty()) {
    return absl::InvalidArgumentError("Wait needs room for at least one event");
  }
  if (timeout < absl::ZeroDuration()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "Wait was given a negative timeout, ", absl::FormatDuration(timeout),
        ": use absl::InfiniteDuration() to wait for ever"));
  }
  return absl::OkStatus();
}

absl::Status PollerCore::OwnDescriptor(int fd) {
  return absl::FailedPreconditionError(
      absl::StrCat("fd ", fd, " is the poller's own descriptor"));
}

absl::Status PollerCore::Registered(int fd) {
  return absl::AlreadyExistsError(
      absl::StrCat("fd ", fd,
                   " is registered: call Modify to change it, and Remove "
                   "before closing it"));
}

absl::Status PollerCore::NotRegistered(int fd) {
  return absl::NotFoundError(
      absl::StrCat("fd ", fd, " is not registered: call Add first"));
}

absl::Status PollerCore::SecondWait() {
  return absl::FailedPreconditionError(
      "another Wait is running: one poller serves one waiting thread");
}

absl::Status PollerCore::CheckProcess() const {
  if (!fork_guard_.InChild()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "this poller belongs to the parent process: create one after fork");
}

void PollerCore::Apply(int fd, Registration& registration) {
  if (!Registry::Unapplied(registration)) return;
  // What was found closed is not tried again before the next Modify.
  if (registration.applied.empty()) return;
  registry_.Queue(fd, registration);
  if (!asleep_) return;
  // What failed is queued still, for Wait to say.
  if (!ApplyQueued(*set_).ok()) set_->Interrupt();
  InterruptSleeper();
}

void PollerCore::AwaitSleeperLeft() {
  // Another Sleep that has begun since does not know of what was removed.
  const auto left = [this, sleep = sleeps_] {
    mutex_.AssertHeld();
    return !asleep_ || sleeps_ != sleep;
  };
  mutex_.Await(absl::Condition(&left));
}

absl::StatusOr<WaitResult> PollerCore::CheckingWait(absl::Span<Event> events,
                                                    Deadline* deadline) {
  Harvest harvest(&registry_, events, ++waits_, closed_finder());
  return MoreRounds(deadline, &harvest);
}

absl::StatusOr<WaitResult> PollerCore::MoreRounds(Deadline* deadline,
                                                  Harvest* harvest) {
  do {
    bool look = deadline->immediate() || harvest->look_again();
    harvest->BeginRound(registry_.changes());
    if (options_.check_closed) OfferAllClosed(harvest);
    if (harvest->full()) {
      bool woken = false;
      TakeWakeup(&woken);
      if (woken) harvest->SetWoken();
      break;
    }
    const absl::Status applied = ApplyAll(*set_);
    look = look || harvest->count() > 0 || !applied.ok();
    bool woken = false;
    absl::Status status = look
                              ? Look(*set_, harvest->room(), &woken)
                              : Sleep(*set_, deadline, harvest->room(), &woken);
    if (woken) harvest->SetWoken();
    if (status.ok()) status = Collect(*set_, harvest);
    if (status.ok() && !harvest->look_again()) status = applied;
    if (!status.ok()) return Failed(status, *harvest);
  } while (!Done(deadline, *harvest));
  return Result(*harvest);
}

absl::StatusOr<WaitResult> PollerCore::Failed(const absl::Status& status,
                                              const Harvest& harvest) {
  // Events that were taken must not be lost, nor a Wakeup: the error will come
  // again.
  if (harvest.count() > 0 || harvest.woken()) return Result(harvest);
  return status;
}

void PollerCore::AddHints(size_t before, Harvest* harvest) {
  hint_finder_.AddHints(harvest->events().subspan(before));
}

void PollerCore::OfferAllClosed(Harvest* harvest) {
  registry_.ForEach([this, harvest](int fd, Registration& registration) {
    if (harvest->full()) return;
    if (!closed_finder_.Closed(fd) && !set_->Owns(fd)) return;
    if (!registration.applied.empty()) {
      set_->Update(fd, registration.generation, registration.applied, kNone)
          .IgnoreError();  // to stop watching never fails
    }
    harvest->OfferClosed(fd);
  });
}

}  // namespace internal
}  // namespace isopoll
