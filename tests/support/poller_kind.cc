#include "tests/support/poller_kind.h"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "isopoll/backend.h"
#include "isopoll/poller.h"

namespace isopoll::tests {

PollerKind::PollerKind(Backend of)
    : name(BackendName(of)), backend(of), create([of](PollerOptions options) {
        options.backend = of;
        return Poller::Create(options);
      }) {}

std::vector<PollerKind> SupportedKinds() {
  std::vector<PollerKind> kinds;
  for (const Backend backend : SupportedBackends()) {
    kinds.emplace_back(backend);
  }
  return kinds;
}

std::vector<PollerKind> AllKinds() {
  std::vector<PollerKind> kinds = SupportedKinds();
  for (PollerKind& kind : StandinKinds()) kinds.push_back(std::move(kind));
  return kinds;
}

void PrintTo(const PollerKind& kind, std::ostream* out) { *out << kind.name; }

std::string TestNameOf(const PollerKind& kind) {
  return absl::StrReplaceAll(kind.name, {{"(", "_"}, {")", ""}});
}

}  // namespace isopoll::tests
