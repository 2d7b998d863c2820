// The pollers that the suites judge.

#ifndef ISOPOLL_TESTS_SUPPORT_UNDER_TEST_H_
#define ISOPOLL_TESTS_SUPPORT_UNDER_TEST_H_

#include <vector>

#include "tests/support/contender.h"

namespace isopoll::tests {

// To be defined by anyone who links the suites (//tests:poller_suite), once.
// For isopoll's own tests backends_under_test.cc does.
std::vector<Contender> ContendersUnderTest();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_UNDER_TEST_H_
