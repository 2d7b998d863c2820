#include "tests/echo/support/probe_poller.h"

#include <utility>

#include "net/internal/sys.h"

namespace isopoll::echo {

ProbePoller::ProbePoller(const tests::PollerKind& kind)
    : real_(*kind.create({})) {}

absl::Status ProbePoller::Add(int fd, Interest interest, Token token,
                              Trigger trigger) {
  absl::MutexLock lock(&mutex_);
  absl::Status status = std::exchange(next_add_, absl::OkStatus());
  if (status.ok()) status = real_->Add(fd, interest, token, trigger);
  if (status.ok()) {
    by_fd_[fd] = {token, interest};
    waits_when_added_[token] = waits_;
  }
  return status;
}

absl::Status ProbePoller::Modify(int fd, Interest interest, Token token,
                                 Trigger trigger) {
  absl::MutexLock lock(&mutex_);
  absl::Status status = std::exchange(next_modify_, absl::OkStatus());
  if (status.ok()) status = real_->Modify(fd, interest, token, trigger);
  if (status.ok()) by_fd_[fd] = {token, interest};
  return status;
}

absl::Status ProbePoller::Remove(int fd) {
  absl::MutexLock lock(&mutex_);
  by_fd_.erase(fd);
  return real_->Remove(fd);
}

absl::Status ProbePoller::Set(int fd, Interest interest, Token token,
                              Trigger trigger) {
  absl::MutexLock lock(&mutex_);
  absl::Status status = real_->Set(fd, interest, token, trigger);
  if (!status.ok()) return status;
  if (interest.empty()) {
    by_fd_.erase(fd);
  } else {
    by_fd_[fd] = {token, interest};
  }
  return status;
}

absl::StatusOr<WaitResult> ProbePoller::Wait(absl::Span<Event> events,
                                             absl::Duration timeout) {
  {
    absl::MutexLock lock(&mutex_);
    ++waits_;
    absl::Status status = std::exchange(next_wait_, absl::OkStatus());
    if (!status.ok()) return status;
  }
  return real_->Wait(events, timeout);
}

bool ProbePoller::AwaitInterest(Token token, Interest interest) {
  return Await([=]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return Has(token, interest);
  });
}

bool ProbePoller::HasInterest(Token token, Interest interest) {
  absl::MutexLock lock(&mutex_);
  return Has(token, interest);
}

int ProbePoller::FdOf(Token token) {
  absl::MutexLock lock(&mutex_);
  for (const auto& [fd, registration] : by_fd_) {
    if (registration.token == token) return fd;
  }
  return -1;
}

bool ProbePoller::CanWrite(Token token) {
  return sys::PollOne(FdOf(token), POLLOUT, 0) == 1;
}

bool ProbePoller::Has(Token token, Interest interest) const {
  for (const auto& [fd, registration] : by_fd_) {
    if (registration.token == token) return registration.interest == interest;
  }
  return false;
}

bool ProbePoller::AwaitSize(size_t size) {
  return Await([=]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return by_fd_.size() == size;
  });
}

uint64_t ProbePoller::waits() {
  absl::MutexLock lock(&mutex_);
  return waits_;
}

bool ProbePoller::AwaitWaits(uint64_t waits) {
  return Await(
      [=]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return waits_ >= waits; });
}

uint64_t ProbePoller::waits_when_added(Token token) {
  absl::MutexLock lock(&mutex_);
  return waits_when_added_[token];
}

void ProbePoller::FailNextAdd(absl::Status status) {
  absl::MutexLock lock(&mutex_);
  next_add_ = std::move(status);
}

void ProbePoller::FailNextModify(absl::Status status) {
  absl::MutexLock lock(&mutex_);
  next_modify_ = std::move(status);
}

void ProbePoller::FailNextWait(absl::Status status) {
  absl::MutexLock lock(&mutex_);
  next_wait_ = std::move(status);
}

bool ProbePoller::Await(const std::function<bool()>& condition) {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&condition),
                                 absl::Seconds(30));
}

}  // namespace isopoll::echo
