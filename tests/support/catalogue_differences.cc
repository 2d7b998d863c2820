#include "tests/support/catalogue_differences.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace isopoll::tests {
namespace {

const Difference* Find(absl::string_view row) {
  for (const Difference& difference : CatalogueDifferences()) {
    if (difference.row == row) return &difference;
  }
  return nullptr;
}

// Of the row `row` with these steps.
std::string WhyNot(absl::string_view row, absl::string_view steps) {
  const Difference* difference = Find(row);
  if (difference != nullptr && difference->answers == nullptr) {
    return difference->why;
  }
  return WhyNotHere(steps);
}

// The command of the step `text`.
absl::string_view Verb(absl::string_view text) {
  text = absl::StripLeadingAsciiWhitespace(text);
  absl::ConsumePrefix(&text, "try ");
  return text.substr(0, text.find(' '));
}

}  // namespace

std::string WhyNotHere(absl::string_view steps) {
  for (absl::string_view step : absl::StrSplit(steps, ';')) {
    for (const MissingCommand& missing : MissingCommands()) {
      if (Verb(step) == missing.name) {
        return absl::StrCat("no \"", missing.name, "\" here: ", missing.why);
      }
    }
  }
  return "";
}

std::string WhyNotHere(const State& state) {
  return WhyNot(state.name, state.scenario);
}

std::string WhyNotHere(const Transition& transition) {
  return WhyNot(transition.name, StepsOf(transition));
}

std::string WhyNotHere(const Story& story) {
  return WhyNot(story.name, story.scenario);
}

const char* AnswersHere(const State& state) {
  const Difference* difference = Find(state.name);
  return difference == nullptr ? state.answers : difference->answers;
}

std::string StepsOf(const Transition& transition) {
  return absl::StrCat(transition.before, "; ", transition.change);
}

}  // namespace isopoll::tests
