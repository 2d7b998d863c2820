#include "poller/epoll/epoll_set.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "isopoll/backend.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/core/poller_on.h"
#include "poller/epoll/epoll_calls.h"
#include "poller/epoll/epoll_queue.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {
namespace internal {

absl::StatusOr<std::unique_ptr<Poller>> MakeEpollPoller(
    const PollerOptions& options) {
  absl::StatusOr<WakeupFd> wakeup = WakeupFd::Create();
  if (!wakeup.ok()) return wakeup.status();
  absl::StatusOr<UniqueFd> epoll = EpollQueue<EpollCalls>::MakeSet(*wakeup);
  if (!epoll.ok()) return epoll.status();
  return std::make_unique<PollerOn<EpollSet<EpollCalls>>>(
      Backend::kEpoll, options, *std::move(wakeup), *std::move(epoll));
}

}  // namespace internal
}  // namespace isopoll
