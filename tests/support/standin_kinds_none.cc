// Where the system has kqueue itself.

#include <vector>

#include "tests/support/poller_kind.h"

namespace isopoll::tests {

std::vector<PollerKind> StandinKinds() { return {}; }

}  // namespace isopoll::tests
