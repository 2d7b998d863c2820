// Each mutant must be caught by a scenario of the catalogue; the test prints
// by which.

#include "tests/differential/mutants.h"

#include <iostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/support/catalogue.h"
#include "tests/support/catalogue_differences.h"
#include "tests/support/contender.h"
#include "tests/support/judge.h"
#include "tests/support/runner.h"
#include "tests/support/scenario.h"
#include "tests/support/variations.h"

namespace isopoll::tests {
namespace {

class MutantTest : public ::testing::TestWithParam<Contender> {};

std::vector<absl::StatusOr<Scenario>> WholeCatalogue() {
  std::vector<absl::StatusOr<Scenario>> all;
  for (const Story& story : CatalogueStories()) {
    if (!WhyNotHere(story).empty()) continue;
    all.push_back(Scenario::Parse(story.scenario));
  }
  for (const State& state : CatalogueStates()) {
    if (!WhyNotHere(state).empty()) continue;
    for (Interest interest : AllInterests()) {
      all.push_back(WatchAfterwards(state, interest));
    }
  }
  for (const Transition& transition : CatalogueTransitions()) {
    if (!WhyNotHere(transition).empty()) continue;
    for (Interest interest : AllInterests()) {
      all.push_back(SleepThrough(transition, interest));
    }
  }
  return all;
}

TEST_P(MutantTest, IsCaught) {
  RunOptions options;
  options.patience = absl::Seconds(1);
  for (const absl::StatusOr<Scenario>& scenario : WholeCatalogue()) {
    ASSERT_TRUE(scenario.ok()) << scenario.status();
    const absl::Status run = RunScenario(*scenario, {GetParam()}, options);
    if (run.ok()) continue;
    ASSERT_TRUE(IsDisagreement(run)) << run;
    std::cout << run.message() << '\n';
    return;
  }
  ADD_FAILURE() << "no scenario of the catalogue notices";
}

INSTANTIATE_TEST_SUITE_P(Mutants, MutantTest, ::testing::ValuesIn(Mutants()),
                         [](const auto& row) { return row.param.name; });

// What a failure looks like, to the letter.
TEST(FailureTest, NamesStepScenarioPollerAndBothAnswers) {
  const absl::StatusOr<Scenario> scenario =
      Scenario::Parse("pipe r w; watch r w; close w; wait; wait");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(RunScenario(*scenario, {Mutants().front()}),
            absl::InternalError(
                "after step 4 of \"pipe r w; watch r w; close w; wait\": "
                "HangupIsWritable r=w, select(2) r=-"));
}

}  // namespace
}  // namespace isopoll::tests
