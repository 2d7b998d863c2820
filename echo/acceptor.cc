#include "echo/acceptor.h"

namespace isopoll::echo {

absl::Status Acceptor::Start() {
  return poller_.Add(listener_.get(), kReadable, token_);
}

absl::Status Acceptor::Stop() { return poller_.Remove(listener_.get()); }

absl::StatusOr<std::optional<Accepted>> Acceptor::Next() {
  absl::StatusOr<std::optional<Accepted>> next = Accept(listener_.get());
  if (!absl::IsResourceExhausted(next.status())) return next;
  if (absl::Status status = Pause(next.status()); !status.ok()) return status;
  return std::nullopt;
}

absl::Status Acceptor::Pause(absl::Status because) {
  paused_because_ = std::move(because);
  retry_at_ = Deadline::After(retry_);
  return poller_.Modify(listener_.get(), kNone, token_);
}

absl::Status Acceptor::Resume() {
  if (!paused()) return absl::OkStatus();
  paused_because_ = absl::OkStatus();
  retry_at_ = Deadline::Never();
  return poller_.Modify(listener_.get(), kReadable, token_);
}

}  // namespace isopoll::echo
