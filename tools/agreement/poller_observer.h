// Poller observer: what a Poller says.

#ifndef ISOPOLL_TOOLS_AGREEMENT_POLLER_OBSERVER_H_
#define ISOPOLL_TOOLS_AGREEMENT_POLLER_OBSERVER_H_

#include <memory>

#include "tests/support/contender.h"
#include "tools/agreement/observer.h"

namespace isopoll::agreement {

// A column `isopoll NAME`. Each look is by a fresh poller, and is shown as a
// tests::Answer: `rw+hc`. kRefused if Add says FailedPrecondition. What a
// Poller must not do is said in words.
std::unique_ptr<Observer> PollerObserver(tests::Contender contender);

// One for each backend of this system, with exact hints, the reference first;
// then for each that stands on a stand-in for its kernel.
Observers BackendObservers();

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_POLLER_OBSERVER_H_
