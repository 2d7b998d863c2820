#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "isopoll/backend.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/kqueue/kqueue_system.h"
#include "tests/kqueue/standin_systems.h"
#include "tests/support/poller_kind.h"

namespace isopoll::tests {

std::vector<PollerKind> StandinKinds() {
  std::vector<PollerKind> kinds;
  for (const StandinSystem& standin : StandinSystems()) {
    PollerKind& kind = kinds.emplace_back();
    kind.name = absl::StrCat("kqueue(", standin.name, ")");
    kind.backend = Backend::kKqueue;
    kind.on_standin = true;
    kind.hears_low_water_mark = standin.name == "macos";
    kind.create = [&system = standin.system](const PollerOptions& options) {
      return internal::MakeKqueuePoller(system, options);
    };
  }
  return kinds;
}

}  // namespace isopoll::tests
