#include "echo/loop/reactor.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace isopoll::echo {

absl::Status Reactor::Turn(absl::Duration at_most) {
  at_most = std::min(at_most, timers_.next() - SteadyNow());
  const absl::StatusOr<WaitResult> result = poller_.Wait(
      absl::MakeSpan(events_), std::max(at_most, absl::ZeroDuration()));
  now_ = SteadyNow();
  if (!result.ok()) return result.status();
  ++turns_;
  events_seen_ += result->count;
  for (size_t i = 0; i < result->count; ++i) {
    const auto handler = handlers_.find(events_[i].token());
    if (handler == handlers_.end()) continue;
    absl::Status status = handler->second->OnReady(events_[i].ready());
    if (!status.ok()) return status;
  }
  return timers_.RunDue(now_);
}

absl::Status Watch::Start(Reactor& reactor, int fd, Interest interest,
                          Reactor::Handler& handler) {
  const Token token = reactor.next_token_;
  absl::Status status = reactor.poller_.Add(fd, interest, token);
  if (!status.ok()) return status;
  ++reactor.next_token_;
  reactor.handlers_[token] = &handler;
  reactor_ = &reactor;
  token_ = token;
  fd_ = fd;
  interest_ = interest;
  return absl::OkStatus();
}

absl::Status Watch::Change(Interest interest) {
  if (interest == interest_) return absl::OkStatus();
  absl::Status status = reactor_->poller_.Modify(fd_, interest, token_);
  if (status.ok()) interest_ = interest;
  return status;
}

void Watch::Stop() {
  if (reactor_ == nullptr) return;
  // Fails only for what is not registered, or in a forked child.
  reactor_->poller_.Remove(fd_).IgnoreError();
  reactor_->handlers_.erase(token_);
  reactor_ = nullptr;
}

}  // namespace isopoll::echo
