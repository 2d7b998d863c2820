#include "poller/internal/poller_core.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "poller/event.h"
#include "poller/interest.h"
#include "poller/internal/deadline.h"
#include "poller/internal/descriptor.h"
#include "poller/internal/harvest.h"
#include "poller/internal/kernel_set.h"
#include "poller/internal/registry.h"
#include "poller/poller.h"

namespace isopoll {
namespace internal {
namespace {

absl::Status NotRegistered(int fd) {
  return absl::NotFoundError(
      absl::StrCat("fd ", fd, " is not registered: call Add first"));
}

// Whether an Update failed because the fd was closed behind our back (R12).
bool IsClosed(const absl::Status& status) {
  return absl::IsFailedPrecondition(status);
}

}  // namespace

PollerCore::PollerCore(Backend backend, std::unique_ptr<KernelSet> set,
                       const PollerOptions& options)
    : backend_(backend), options_(options), set_(std::move(set)) {}

absl::Status PollerCore::Add(int fd, Interest interest, Token token,
                             Trigger trigger) {
  if (absl::Status status = CheckArguments(fd, interest); !status.ok()) {
    return status;
  }
  absl::MutexLock lock(&mutex_);
  if (set_->Owns(fd)) {
    return absl::FailedPreconditionError(
        absl::StrCat("fd ", fd, " is the poller's own descriptor"));
  }
  if (registry_.Find(fd) != nullptr) {
    return absl::AlreadyExistsError(
        absl::StrCat("fd ", fd,
                     " is registered: call Modify to change it, and Remove "
                     "before closing it"));
  }
  const uint32_t generation = registry_.NewGeneration();
  absl::Status status = interest.empty()
                            ? CheckOpen(fd)
                            : set_->Update(fd, generation, kNone, interest);
  if (!status.ok()) return status;
  Registration& registration = registry_.Insert(fd, generation);
  registration.token = token;
  registration.trigger = trigger;
  registration.interest = interest;
  registration.applied = interest;
  if (!interest.empty()) InterruptSleeper();
  return absl::OkStatus();
}

absl::Status PollerCore::Modify(int fd, Interest interest, Token token,
                                Trigger trigger) {
  if (absl::Status status = CheckArguments(fd, interest); !status.ok()) {
    return status;
  }
  absl::MutexLock lock(&mutex_);
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr) return NotRegistered(fd);
  // To watch what is not watched may be refused, and must be known now (R18).
  if (registration->applied.empty() && !interest.empty()) {
    // Anew, and so under a new generation: if the number was closed and is
    // another file's now, the kernel may hold the old one under the old.
    const uint32_t generation = registry_.NewGeneration();
    absl::Status status = set_->Update(fd, generation, kNone, interest);
    if (status.ok()) {
      registration->generation = generation;
      registration->applied = interest;
      InterruptSleeper();
    } else if (!IsClosed(status)) {
      return status;
    }
  }
  registration->token = token;
  registration->trigger = trigger;
  registration->interest = interest;
  registry_.MarkChanged(*registration);
  Apply(fd, *registration);
  return absl::OkStatus();
}

absl::Status PollerCore::Remove(int fd) {
  if (absl::Status status = CheckArguments(fd, kNone); !status.ok()) {
    return status;
  }
  absl::MutexLock lock(&mutex_);
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr) return NotRegistered(fd);
  const bool watched = !registration->applied.empty();
  if (watched) {
    set_->Update(fd, registration->generation, registration->applied, kNone)
        .IgnoreError();  // to stop watching never fails
  }
  registry_.Erase(*registration);
  if (watched) {
    InterruptSleeper();
    AwaitSleeperLeft();
  }
  return absl::OkStatus();
}

absl::StatusOr<WaitResult> PollerCore::Wait(absl::Span<Event> events,
                                            absl::Duration timeout) {
  if (absl::Status status = CheckProcess(); !status.ok()) return status;
  if (events.empty()) {
    return absl::InvalidArgumentError("Wait needs room for at least one event");
  }
  if (timeout < absl::ZeroDuration()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "Wait was given a negative timeout, ", absl::FormatDuration(timeout),
        ": use absl::InfiniteDuration() to wait for ever"));
  }
  if (waiting_.exchange(true, std::memory_order_acquire)) {
    return absl::FailedPreconditionError(
        "another Wait is running: one poller serves one waiting thread");
  }
  const auto done = absl::MakeCleanup(
      [this] { waiting_.store(false, std::memory_order_release); });
  return WaitAlone(events, Deadline(timeout));
}

void PollerCore::Wakeup() {
  // A child's Wakeup would reach its parent, who shares the kernel objects.
  if (fork_guard_.InChild()) return;
  if (wake_.fetch_or(kWoken, std::memory_order_acq_rel) == kAsleep) {
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

absl::Status PollerCore::CheckProcess() const {
  if (!fork_guard_.InChild()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "this poller belongs to the parent process: create one after fork");
}

void PollerCore::Apply(int fd, Registration& registration) {
  if (registration.applied == registration.interest) return;
  // What was found closed is not tried again before the next Modify.
  if (registration.applied.empty()) return;
  registry_.Queue(fd, registration);
  if (!in_kernel_) return;
  ApplyQueued().IgnoreError();  // what failed is queued still, for Wait to say
  InterruptSleeper();
}

absl::Status PollerCore::ApplyQueued() {
  absl::Status result;
  registry_.ForEachQueued([this, &result](int fd, Registration& registration) {
    const absl::Status status =
        set_->Update(fd, registration.generation, registration.applied,
                     registration.interest);
    if (!status.ok() && !IsClosed(status)) {
      result.Update(status);
      return false;
    }
    registration.applied = status.ok() ? registration.interest : kNone;
    return true;
  });
  return result;
}

void PollerCore::InterruptSleeper() {
  if (in_kernel_ && !set_->UpdateReachesSleeper()) set_->Interrupt();
}

void PollerCore::AwaitSleeperLeft() {
  if (!in_kernel_ || set_->UpdateReachesSleeper()) return;
  // Another Sleep that has begun since does not know of what was removed.
  const auto left = [this, sleep = sleeps_] {
    mutex_.AssertHeld();
    return !in_kernel_ || sleeps_ != sleep;
  };
  mutex_.Await(absl::Condition(&left));
}

absl::StatusOr<WaitResult> PollerCore::WaitAlone(absl::Span<Event> events,
                                                 Deadline deadline) {
  Harvest harvest(&registry_, events, ++waits_,
                  /*take_hints=*/!options_.exact_hints, options_.check_closed);
  WaitResult result;
  Deadline immediate = Deadline::Immediate();
  for (bool look = false;; look = harvest.look_again()) {
    if (options_.check_closed) OfferAllClosed(&harvest);
    if (harvest.full()) break;
    look = look || harvest.count() > 0;
    absl::Status status =
        Round(look ? &immediate : &deadline, &harvest, &result.woken);
    if (!status.ok()) {
      // Events that were taken must not be lost: the error will come again.
      if (harvest.count() > 0) break;
      if (result.woken) wake_.fetch_or(kWoken, std::memory_order_acq_rel);
      return status;
    }
    if (harvest.look_again()) continue;
    if (harvest.count() > 0 || result.woken || deadline.Passed()) break;
  }
  result.count = harvest.count();
  return result;
}

absl::Status PollerCore::Round(Deadline* deadline, Harvest* harvest,
                               bool* woken) {
  if (absl::Status status = PrepareRound(harvest); !status.ok()) return status;
  absl::Status status = Sleep(deadline, woken);

  absl::MutexLock lock(&mutex_);
  in_kernel_ = false;
  const size_t first = harvest->count();
  if (status.ok()) status = set_->Collect(harvest);
  if (options_.exact_hints) {
    // Before the lock is released, and with it the numbers for others to close.
    hint_finder_.AddHints(harvest->events().subspan(first));
  }
  return status;
}

absl::Status PollerCore::PrepareRound(Harvest* harvest) {
  absl::MutexLock lock(&mutex_);
  if (absl::Status status = ApplyQueued(); !status.ok()) return status;
  set_->Prepare(harvest->room(), registry_.size());
  harvest->BeginRound();
  in_kernel_ = true;
  ++sleeps_;
  return absl::OkStatus();
}

absl::Status PollerCore::Sleep(Deadline* deadline, bool* woken) {
  Deadline immediate = Deadline::Immediate();
  // From here on a Wakeup interrupts; one that came before forbids to sleep.
  const bool pending =
      !deadline->immediate() &&
      (wake_.fetch_or(kAsleep, std::memory_order_acq_rel) & kWoken) != 0;
  absl::Status status = set_->Sleep(pending ? &immediate : deadline);
  if ((wake_.exchange(0, std::memory_order_acq_rel) & kWoken) != 0) {
    *woken = true;
  }
  return status;
}

void PollerCore::OfferAllClosed(Harvest* harvest) {
  absl::MutexLock lock(&mutex_);
  harvest->BeginRound();
  registry_.ForEach([this, harvest](int fd, Registration& registration) {
    if (harvest->full() || IsOpen(fd)) return;
    if (!registration.applied.empty()) {
      set_->Update(fd, registration.generation, registration.applied, kNone)
          .IgnoreError();  // to stop watching never fails
    }
    harvest->OfferClosed(fd);
  });
}

}  // namespace internal
}  // namespace isopoll
