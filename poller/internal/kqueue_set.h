// KqueueSet: the kqueue(2) backend. macOS and the BSDs.

#ifndef ISOPOLL_POLLER_INTERNAL_KQUEUE_SET_H_
#define ISOPOLL_POLLER_INTERNAL_KQUEUE_SET_H_

#include <memory>

#include "absl/status/statusor.h"
#include "poller/poller.h"

namespace isopoll {
namespace internal {

struct KqueueSystem;

// `system` outlives the poller: HostKqueueSystem(), or another's.
absl::StatusOr<std::unique_ptr<Poller>> MakeKqueuePoller(
    const KqueueSystem& system, const PollerOptions& options);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_KQUEUE_SET_H_
