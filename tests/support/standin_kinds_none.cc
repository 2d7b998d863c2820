// Where the system has kqueue itself, or where nothing stands in for it.

#include <vector>

#include "tests/support/poller_kind.h"

namespace isopoll::tests {

std::vector<PollerKind> StandinKinds() { return {}; }

}  // namespace isopoll::tests
