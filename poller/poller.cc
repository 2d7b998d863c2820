#include "poller/poller.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "poller/backend.h"
#include "poller/internal/kernel_set.h"
#include "poller/internal/linked_backends.h"
#include "poller/internal/poller_core.h"

namespace isopoll {

absl::StatusOr<std::unique_ptr<Poller>> Poller::Create(
    const PollerOptions& options) {
  const Backend backend = options.backend.value_or(DefaultBackend());
  const internal::LinkedBackend* linked = internal::FindLinkedBackend(backend);
  if (linked == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("no ", BackendName(backend),
                     " backend in this program on this system: choose one of ",
                     SupportedBackendNames()));
  }
  absl::StatusOr<std::unique_ptr<internal::KernelSet>> set = linked->make();
  if (!set.ok()) return set.status();
  return std::make_unique<internal::PollerCore>(backend, *std::move(set),
                                                options);
}

}  // namespace isopoll
