#include "poller/poll/poll_set.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "isopoll/backend.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/core/poller_on.h"
#include "poller/poll/poll_calls.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {
namespace internal {

absl::StatusOr<std::unique_ptr<Poller>> MakePollPoller(
    const PollerOptions& options) {
  absl::StatusOr<WakeupFd> wakeup = WakeupFd::Create();
  if (!wakeup.ok()) return wakeup.status();
  return std::make_unique<PollerOn<PollSet<PollCalls>>>(Backend::kPoll, options,
                                                        *std::move(wakeup));
}

}  // namespace internal
}  // namespace isopoll
