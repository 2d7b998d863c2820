#include "tests/support/scenario.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/support/command.h"
#include "tests/support/usage.h"
#include "tests/support/vocabulary.h"

namespace isopoll::tests {
namespace {

absl::Status CheckStep(const Step& step, std::set<std::string>& names) {
  if (step.words.empty()) {
    return absl::InvalidArgumentError("no words; expected a command");
  }
  const Command* command = FindCommand(step.verb());
  if (command == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", step.verb(),
                     "\" is not a command; the replay's --vocabulary "
                     "lists them"));
  }
  if (step.tolerant && command->run == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"try\" before \"", step.verb(),
                     "\"; expected it only before what is done to a channel"));
  }
  absl::Status usable = CheckUsage(command->usage, step, names);
  if (usable.ok()) return usable;
  return absl::InvalidArgumentError(
      absl::StrCat(usable.message(), " (usage: ", command->usage, ")"));
}

Step SplitStep(absl::string_view text) {
  Step step;
  step.words =
      absl::StrSplit(text, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
  if (!step.words.empty() && step.words[0] == "try") {
    step.tolerant = true;
    step.words.erase(step.words.begin());
  }
  return step;
}

}  // namespace

std::string StepsToString(const std::vector<Step>& steps) {
  return absl::StrJoin(steps, "; ", [](std::string* out, const Step& step) {
    absl::StrAppend(out, step.ToString());
  });
}

std::string Scenario::ToString() const { return StepsToString(steps_); }

absl::StatusOr<Scenario> Scenario::FromSteps(std::vector<Step> steps) {
  std::set<std::string> names;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (absl::Status status = CheckStep(steps[i], names); !status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("step ", i + 1, " \"",
                                                     steps[i].ToString(),
                                                     "\": ", status.message()));
    }
  }
  return Scenario(std::move(steps));
}

Scenario Scenario::Salvage(std::vector<Step> steps) {
  std::set<std::string> names;
  steps.erase(std::remove_if(steps.begin(), steps.end(),
                             [&names](const Step& step) {
                               return !CheckStep(step, names).ok();
                             }),
              steps.end());
  return Scenario(std::move(steps));
}

absl::StatusOr<Scenario> Scenario::Parse(absl::string_view text) {
  std::vector<Step> steps;
  if (absl::StripAsciiWhitespace(text).empty()) return Scenario();
  for (absl::string_view step : absl::StrSplit(text, ';')) {
    steps.push_back(SplitStep(step));
  }
  return FromSteps(std::move(steps));
}

}  // namespace isopoll::tests
