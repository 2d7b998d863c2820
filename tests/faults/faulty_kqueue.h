// A kqueue whose calls fail, on the stand-ins for its kernels.

#ifndef ISOPOLL_TESTS_FAULTS_FAULTY_KQUEUE_H_
#define ISOPOLL_TESTS_FAULTS_FAULTY_KQUEUE_H_

#include <vector>

#include "tests/support/poller_kind.h"

namespace isopoll::tests {

// As StandinKinds(), under the same names, but that the calls of their kernels
// are told to the Scope of the thread that makes them. Those that a call of the
// stand-in makes for it are not. Of a list of changes each is a call of its
// own, "kevent(EV_ADD)" or "kevent(EV_DELETE)", as each has an error of its
// own.
std::vector<PollerKind> FaultyStandinKinds();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_FAULTS_FAULTY_KQUEUE_H_
