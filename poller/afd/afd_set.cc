#include "poller/afd/afd_set.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "isopoll/backend.h"
#include "isopoll/poller.h"
#include "poller/afd/afd_driver.h"
#include "poller/core/backends.h"
#include "poller/core/poller_on.h"

namespace isopoll {
namespace internal {

absl::StatusOr<std::unique_ptr<Poller>> MakeAfdPoller(
    const PollerOptions& options) {
  absl::StatusOr<AfdDriver> driver = AfdDriver::Open();
  if (!driver.ok()) return driver.status();
  return std::make_unique<PollerOn<AfdSet<AfdDriver>>>(Backend::kAfd, options,
                                                       *std::move(driver));
}

}  // namespace internal
}  // namespace isopoll
