#include "isopoll/poller.h"

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "isopoll/backend.h"
#include "poller/core/backends.h"

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
  return linked->make(options);
}

}  // namespace isopoll
