#include "tests/support/contender.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "isopoll/backend.h"
#include "isopoll/poller.h"
#include "tests/support/poller_kind.h"

namespace isopoll::tests {

Contender PlainContender(const PollerKind& kind) {
  Contender contender;
  contender.name = kind.name;
  contender.holds_files = kind.backend == Backend::kEpoll;
  contender.hears_low_water_mark = kind.hears_low_water_mark;
  contender.create = [create = kind.create] { return create({}); };
  return contender;
}

Contender ExactContender(const PollerKind& kind) {
  Contender contender = PlainContender(kind);
  contender.name = absl::StrCat(kind.name, "(exact)");
  contender.exact_hints = true;
  contender.check_closed = true;
  contender.create = [create = kind.create] {
    PollerOptions options;
    options.exact_hints = true;
    options.check_closed = true;
    return create(options);
  };
  return contender;
}

std::vector<Contender> AllContenders() {
  std::vector<Contender> contenders;
  for (const PollerKind& kind : AllKinds()) {
    contenders.push_back(PlainContender(kind));
    contenders.push_back(ExactContender(kind));
  }
  return contenders;
}

}  // namespace isopoll::tests
