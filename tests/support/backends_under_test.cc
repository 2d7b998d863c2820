#include <vector>

#include "tests/support/contender.h"
#include "tests/support/under_test.h"

namespace isopoll::tests {

std::vector<Contender> ContendersUnderTest() { return AllContenders(); }

}  // namespace isopoll::tests
