// The backends this program was linked with: those the operating system has,
// less those the build leaves out (--//poller:backends).

#ifndef ISOPOLL_POLLER_INTERNAL_LINKED_BACKENDS_H_
#define ISOPOLL_POLLER_INTERNAL_LINKED_BACKENDS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "poller/backend.h"
#include "poller/poller.h"

namespace isopoll {
namespace internal {

struct LinkedBackend {
  Backend backend;
  absl::StatusOr<std::unique_ptr<Poller>> (*make)(const PollerOptions&);
};

// Null if `backend` is not among SupportedBackends().
const LinkedBackend* FindLinkedBackend(Backend backend);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_LINKED_BACKENDS_H_
