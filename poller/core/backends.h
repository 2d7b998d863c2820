// The backends: how a Poller of each is made, and which this program has.

#ifndef ISOPOLL_POLLER_CORE_BACKENDS_H_
#define ISOPOLL_POLLER_CORE_BACKENDS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "isopoll/backend.h"
#include "isopoll/poller.h"

namespace isopoll {
namespace internal {

struct KqueueSystem;

// Each is there if the operating system has it.
absl::StatusOr<std::unique_ptr<Poller>> MakeAfdPoller(
    const PollerOptions& options);
absl::StatusOr<std::unique_ptr<Poller>> MakeEpollPoller(
    const PollerOptions& options);
absl::StatusOr<std::unique_ptr<Poller>> MakePollPoller(
    const PollerOptions& options);
absl::StatusOr<std::unique_ptr<Poller>> MakeSelectPoller(
    const PollerOptions& options);
// `system` outlives the poller: HostKqueueSystem(), or another's.
absl::StatusOr<std::unique_ptr<Poller>> MakeKqueuePoller(
    const KqueueSystem& system, const PollerOptions& options);

struct LinkedBackend {
  Backend backend;
  absl::StatusOr<std::unique_ptr<Poller>> (*make)(const PollerOptions&);
};

// Null if `backend` is not among SupportedBackends(): those that the operating
// system has, less those that the build leaves out (--//poller:backends).
const LinkedBackend* FindLinkedBackend(Backend backend);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_BACKENDS_H_
