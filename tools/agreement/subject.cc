#include "tools/agreement/subject.h"

#include <utility>

#include "tests/support/catalogue.h"
#include "tests/support/catalogue_differences.h"
#include "tools/agreement/kernel_observers.h"
#include "tools/agreement/poller_observer.h"

namespace isopoll::agreement {

Subject WholeSubject() {
  Subject subject;
  for (tests::State state : tests::CatalogueStates()) {
    if (!tests::WhyNotHere(state).empty()) continue;
    state.answers = tests::AnswersHere(state);
    subject.states.push_back(state);
  }
  subject.observers = KernelObservers();
  for (auto& observer : BackendObservers()) {
    subject.observers.push_back(std::move(observer));
  }
  subject.known = KnownDifferences();
  return subject;
}

}  // namespace isopoll::agreement
