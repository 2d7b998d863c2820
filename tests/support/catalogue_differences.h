// How the system differs from Linux, whose commands and answers the catalogue
// has. Each difference is named here with its reason, and nothing else of the
// catalogue is left out.

#ifndef ISOPOLL_TESTS_SUPPORT_CATALOGUE_DIFFERENCES_H_
#define ISOPOLL_TESTS_SUPPORT_CATALOGUE_DIFFERENCES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tests/support/catalogue.h"

namespace isopoll::tests {

// A command that the vocabulary lacks on this system.
struct MissingCommand {
  const char* name;
  const char* why;
};

// A row of the catalogue that is another here.
struct Difference {
  const char* row;
  // What the State answers here. Null: a step of the row fails here.
  const char* answers;
  const char* why;
};

// Of this system.
absl::Span<const MissingCommand> MissingCommands();
absl::Span<const Difference> CatalogueDifferences();

// Why a scenario of these steps, or this row, cannot be run here, or nothing.
std::string WhyNotHere(absl::string_view steps);
std::string WhyNotHere(const State& state);
std::string WhyNotHere(const Transition& transition);
std::string WhyNotHere(const Story& story);

// What `state`, which can be made here, answers here.
const char* AnswersHere(const State& state);

// The steps of `transition`, the change among them.
std::string StepsOf(const Transition& transition);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_CATALOGUE_DIFFERENCES_H_
