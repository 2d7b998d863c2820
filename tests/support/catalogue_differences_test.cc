// No entry of the table of differences is out of date.

#include "tests/support/catalogue_differences.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tests/support/catalogue.h"
#include "tests/support/runner.h"
#include "tests/support/scenario.h"
#include "tests/support/vocabulary.h"

namespace isopoll::tests {
namespace {

// By name, the steps of each row.
std::map<std::string, std::string> Rows() {
  std::map<std::string, std::string> rows;
  for (const State& state : CatalogueStates()) {
    rows[state.name] = state.scenario;
  }
  for (const Transition& transition : CatalogueTransitions()) {
    rows[transition.name] = StepsOf(transition);
  }
  for (const Story& story : CatalogueStories()) {
    rows[story.name] = story.scenario;
  }
  return rows;
}

bool HasStep(absl::string_view steps, absl::string_view command) {
  return absl::StrContains(absl::StrCat("; ", steps),
                           absl::StrCat("; ", command, " "));
}

bool IsUsed(absl::string_view command) {
  const std::map<std::string, std::string> rows = Rows();
  return std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
    return HasStep(row.second, command);
  });
}

TEST(CatalogueDifferencesTest, NamesRowsOnce) {
  const std::map<std::string, std::string> rows = Rows();
  std::set<std::string> named;
  for (const Difference& difference : CatalogueDifferences()) {
    EXPECT_EQ(rows.count(difference.row), 1u) << difference.row;
    EXPECT_TRUE(named.insert(difference.row).second) << difference.row;
  }
}

// Or else the lack of a command says it already, or there is no difference.
TEST(CatalogueDifferencesTest, NamesRowsThatNothingElseExplains) {
  std::map<std::string, std::string> rows = Rows();
  std::map<std::string, std::string> answers;
  for (const State& state : CatalogueStates()) {
    answers[state.name] = state.answers;
  }
  for (const Difference& difference : CatalogueDifferences()) {
    EXPECT_EQ(WhyNotHere(rows[difference.row]), "") << difference.row;
    EXPECT_STRNE(difference.answers, answers[difference.row].c_str())
        << difference.row;
  }
}

// Only a State has answers that can be others.
TEST(CatalogueDifferencesTest, GivesAnswersToStates) {
  std::set<std::string> states;
  for (const State& state : CatalogueStates()) states.insert(state.name);
  for (const Difference& difference : CatalogueDifferences()) {
    if (difference.answers == nullptr) continue;
    EXPECT_EQ(states.count(difference.row), 1u) << difference.row;
  }
}

TEST(CatalogueDifferencesTest, WhatCannotBeMadeFailsToBeMade) {
  const std::map<std::string, std::string> rows = Rows();
  for (const Difference& difference : CatalogueDifferences()) {
    if (difference.answers != nullptr) continue;
    const auto row = rows.find(difference.row);
    ASSERT_NE(row, rows.end()) << difference.row;
    const absl::StatusOr<Scenario> scenario = Scenario::Parse(row->second);
    ASSERT_TRUE(scenario.ok()) << scenario.status();
    const absl::Status run = RunScenario(*scenario, {});
    EXPECT_FALSE(run.ok()) << difference.row << " can be made";
  }
}

TEST(CatalogueDifferencesTest, MissingCommandsAreMissingAndMissed) {
  for (const MissingCommand& missing : MissingCommands()) {
    EXPECT_EQ(FindCommand(missing.name), nullptr) << missing.name;
    EXPECT_TRUE(IsUsed(missing.name)) << missing.name;
  }
}

}  // namespace
}  // namespace isopoll::tests
