// What becomes ready without a word to those who wait for it: on Linux, or on
// the kernel that a contender is of. R1 promises nothing of it until Modify.

#ifndef ISOPOLL_TESTS_SUPPORT_UNANNOUNCED_H_
#define ISOPOLL_TESTS_SUPPORT_UNANNOUNCED_H_

#include "isopoll/interest.h"
#include "tests/support/answer.h"
#include "tests/support/contender.h"
#include "tests/support/step.h"
#include "tests/support/world.h"

namespace isopoll::tests {

// The directions in which `step` makes descriptors ready in silence for
// `contender`. Those of them that become ready in another step were announced.
Interest MadeReadyInSilence(const Contender& contender, const World& world,
                            const Step& step);

// The directions in which `fd`, which answers `now`, will become ready in
// silence, at whatever time and by whatever step.
Interest WillBeReadyInSilence(int fd, const Answer& now);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_UNANNOUNCED_H_
