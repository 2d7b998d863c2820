// The catalogue: what is known about descriptors, as scenarios.

#ifndef ISOPOLL_TESTS_SUPPORT_CATALOGUE_H_
#define ISOPOLL_TESTS_SUPPORT_CATALOGUE_H_

#include <ostream>

#include "absl/types/span.h"

namespace isopoll::tests {

// A state that descriptors can be in, and the kernel's answer.
struct State {
  // A letter for the family, a number, and words: `T12PeerFin`.
  const char* name;
  // The steps that lead to it, without pollers.
  const char* scenario;
  // What select(2) and poll(2) then say, for the names of interest:
  // `a=rw+c b=w` (see Answer).
  const char* answers;
};

// A change that comes while a thread sleeps in Wait.
struct Transition {
  const char* name;
  // The steps before the sleep.
  const char* before;
  // The step that is the change, or several.
  const char* change;
  // What one of the descriptors answers in the end: `a=rw+c`.
  const char* answer;
};

// What is done to registrations; in it all pollers must answer alike.
struct Story {
  const char* name;
  const char* scenario;
};

// As failures show them.
inline std::ostream& operator<<(std::ostream& out, const State& state) {
  return out << '"' << state.scenario << "\" answers " << state.answers;
}
inline std::ostream& operator<<(std::ostream& out, const Transition& t) {
  return out << '"' << t.before << "; sleep; " << t.change << "\" answers "
             << t.answer;
}
inline std::ostream& operator<<(std::ostream& out, const Story& story) {
  return out << '"' << story.scenario << '"';
}

absl::Span<const State> CatalogueStates();
absl::Span<const Transition> CatalogueTransitions();
absl::Span<const Story> CatalogueStories();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_CATALOGUE_H_
