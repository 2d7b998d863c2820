#include "tests/support/background_call.h"

#include <unistd.h>

#include <utility>

#include "absl/time/clock.h"
#include "tests/support/process_state.h"

namespace isopoll::tests {

BackgroundCall::BackgroundCall(std::function<void()> call)
    : thread_([this, call = std::move(call)] {
        thread_id_ = CurrentThread();
        call();
        returned_.Notify();
      }) {}

bool BackgroundCall::AwaitSleep(absl::Duration patience) const {
  const absl::Time deadline = absl::Now() + patience;
  while (absl::Now() < deadline) {
    const pid_t thread = thread_id_;
    if (HasReturned() || (thread != 0 && IsAsleep(::getpid(), thread))) {
      return true;
    }
    absl::SleepFor(absl::Milliseconds(1));
  }
  return false;
}

}  // namespace isopoll::tests
