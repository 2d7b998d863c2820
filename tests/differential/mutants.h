// Mutants: pollers each of which breaks one rule, so that the suites can show
// that they would notice.

#ifndef ISOPOLL_TESTS_DIFFERENTIAL_MUTANTS_H_
#define ISOPOLL_TESTS_DIFFERENTIAL_MUTANTS_H_

#include <vector>

#include "tests/support/contender.h"

namespace isopoll::tests {

// Every one claims exact hints and check_closed.
std::vector<Contender> Mutants();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_DIFFERENTIAL_MUTANTS_H_
