#include "tools/agreement/subject.h"

#include <utility>

#include "tools/agreement/kernel_observers.h"
#include "tools/agreement/poller_observer.h"

namespace isopoll::agreement {

Subject WholeSubject() {
  Subject subject;
  subject.states = tests::CatalogueStates();
  subject.observers = KernelObservers();
  for (auto& observer : BackendObservers()) {
    subject.observers.push_back(std::move(observer));
  }
  subject.known = KnownDifferences();
  return subject;
}

}  // namespace isopoll::agreement
