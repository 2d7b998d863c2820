#include "tests/faults/retried_poller.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "tests/faults/call_log.h"
#include "tests/faults/failure.h"
#include "tests/support/process_state.h"

namespace isopoll::tests {
namespace {

// Whether `said`, which a call hit by `failure` answered, is right. What the
// same call answers without it, `again`, is right in any case.
void CheckSaid(const char* method, const Failure& failure,
               const absl::Status& said, absl::StatusCode again, Trial* trial) {
  const absl::StatusCode code = said.code();
  if (code == again) return;
  trial->told = true;
  const bool right =
      failure.told != absl::StatusCode::kOk &&
      (code == failure.told || code == absl::StatusCode::kResourceExhausted);
  if (right) return;
  trial->Complain(absl::StrCat(
      method, " answered \"", said.ToString(), "\", expected ",
      failure.told == absl::StatusCode::kOk
          ? "no error of it"
          : absl::StrCat("a code of ", absl::StatusCodeToString(failure.told)),
      " and the next answered ", absl::StatusCodeToString(again)));
}

}  // namespace

void Trial::Complain(const std::string& what) {
  absl::MutexLock lock(&mutex_);
  complaint_.Update(absl::InternalError(what));
}

absl::Status Trial::complaint() const {
  absl::MutexLock lock(&mutex_);
  return complaint_;
}

absl::StatusOr<std::unique_ptr<Poller>> RetriedPoller::Make(const Maker& make,
                                                            Trial* trial) {
  const std::set<int> descriptors = OpenDescriptors();
  absl::StatusOr<std::unique_ptr<Poller>> made;
  const Failure* hit;
  {
    Scope scope(trial->log);
    made = make();
    hit = scope.hit();
  }
  if (hit != nullptr) {
    trial->hit = true;
    if (!made.ok()) {
      if (OpenDescriptors() != descriptors) {
        trial->Complain("Create failed and left descriptors");
      }
      const absl::Status said = made.status();
      made = make();
      CheckSaid("Create", *hit, said, made.status().code(), trial);
    }
  }
  if (!made.ok()) return made;
  return std::unique_ptr<Poller>(new RetriedPoller(*std::move(made), trial));
}

RetriedPoller::~RetriedPoller() {
  Scope scope(trial_.log);
  poller_.reset();
  if (scope.hit() != nullptr) trial_.hit = true;
}

absl::Status RetriedPoller::Try(const char* method,
                                const std::function<absl::Status()>& call) {
  const size_t size_before = size();
  const std::set<int> descriptors = OpenDescriptors();
  absl::Status said;
  const Failure* hit;
  {
    Scope scope(trial_.log);
    said = call();
    hit = scope.hit();
  }
  if (hit == nullptr) return said;
  trial_.hit = true;
  if (said.ok()) return said;
  if (size() != size_before) {
    trial_.Complain(absl::StrCat(method, " failed and changed size()"));
  }
  if (!sleeps_ && OpenDescriptors() != descriptors) {
    trial_.Complain(absl::StrCat(method, " failed and left descriptors"));
  }
  if (!trial_.retries) return said;
  absl::Status again = call();
  CheckSaid(method, *hit, said, again.code(), &trial_);
  if (again.code() != said.code()) trial_.change_failed = true;
  return again;
}

absl::Status RetriedPoller::Add(int fd, Interest interest, Token token,
                                Trigger trigger) {
  return Try("Add", [&] { return poller_->Add(fd, interest, token, trigger); });
}

absl::Status RetriedPoller::Modify(int fd, Interest interest, Token token,
                                   Trigger trigger) {
  return Try("Modify",
             [&] { return poller_->Modify(fd, interest, token, trigger); });
}

absl::Status RetriedPoller::Remove(int fd) {
  return Try("Remove", [&] { return poller_->Remove(fd); });
}

absl::Status RetriedPoller::Set(int fd, Interest interest, Token token,
                                Trigger trigger) {
  return Try("Set", [&] { return poller_->Set(fd, interest, token, trigger); });
}

absl::StatusOr<WaitResult> RetriedPoller::Wait(absl::Span<Event> events,
                                               absl::Duration timeout) {
  if (timeout == absl::ZeroDuration()) timeout = trial_.look;
  if (timeout == absl::InfiniteDuration()) sleeps_ = true;
  const auto begin = std::chrono::steady_clock::now();
  absl::StatusOr<WaitResult> result;
  const Failure* hit;
  {
    Scope scope(trial_.log);
    result = poller_->Wait(events, timeout);
    hit = scope.hit();
  }
  if (hit != nullptr) {
    trial_.hit = true;
    if (!result.ok()) {
      const absl::Status said = result.status();
      result = poller_->Wait(events, timeout);
      CheckSaid("Wait", *hit, said, result.status().code(), &trial_);
    } else if (result->count == 0 && !result->woken &&
               std::chrono::steady_clock::now() - begin <
                   absl::ToChronoNanoseconds(timeout)) {
      trial_.Complain("Wait ended before its time");
    } else if (hit->MayDelay()) {
      result = LookForTheRest(events, *result);
    }
  }
  sleeps_ = false;
  return result;
}

// See Failure::MayDelay. So may hints be, for which there was no memory.
absl::StatusOr<WaitResult> RetriedPoller::LookForTheRest(
    absl::Span<Event> events, WaitResult first) {
  // If there is no room for all, the rest has its turn.
  if (first.count > 0 && poller_->size() > events.size()) return first;
  std::vector<Event> more(events.size());
  absl::StatusOr<WaitResult> second =
      poller_->Wait(absl::MakeSpan(more), absl::ZeroDuration());
  if (!second.ok()) return second;
  const auto told = events.first(first.count);
  for (const Event& event : absl::MakeSpan(more).first(second->count)) {
    const auto same = std::find_if(
        told.begin(), told.end(),
        [&](const Event& other) { return other.fd() == event.fd(); });
    if (same != told.end()) {
      *same = event;
    } else if (first.count < events.size()) {
      events[first.count++] = event;
    }
  }
  first.woken |= second->woken;
  return first;
}

void RetriedPoller::Wakeup() {
  Scope scope(trial_.log);
  poller_->Wakeup();
  if (scope.hit() != nullptr) trial_.hit = true;
}

}  // namespace isopoll::tests
