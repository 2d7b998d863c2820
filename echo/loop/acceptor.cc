#include "echo/loop/acceptor.h"

#include <optional>

#include "absl/status/statusor.h"

namespace isopoll::echo {
namespace {

// How many connections are taken before everybody else has a turn again.
constexpr int kAcceptsPerTurn = 64;

}  // namespace

absl::Status Acceptor::Start() {
  return watch_.Start(reactor_, listener_.get(), kReadable, *this);
}

absl::Status Acceptor::OnReady(Interest /*ready*/) {
  absl::Status status = AcceptUpTo(kAcceptsPerTurn);
  if (status.ok() && told_ && !paused_) {
    told_ = false;
    owner_.OnResumed();
  }
  return status;
}

absl::Status Acceptor::AcceptUpTo(int most) {
  for (int i = 0; i < most && !paused_; ++i) {
    absl::StatusOr<std::optional<Accepted>> next = Accept(listener_.get());
    absl::Status status = next.status();
    if (next.ok()) {
      if (!next->has_value()) break;
      status = owner_.OnAccepted(*std::move(*next));
    }
    if (absl::IsResourceExhausted(status)) status = Pause(status);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Acceptor::Pause(const absl::Status& because) {
  paused_ = true;
  if (!told_) owner_.OnPaused(because);
  told_ = true;
  reactor_.timers().Set(*this, SteadyNow() + retry_);
  return watch_.Change(kNone);
}

absl::Status Acceptor::Resume() {
  if (!paused_) return absl::OkStatus();
  paused_ = false;
  reactor_.timers().Cancel(*this);
  return watch_.Change(kReadable);
}

}  // namespace isopoll::echo
