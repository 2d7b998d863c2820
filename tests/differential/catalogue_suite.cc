// The states of the catalogue: what the kernel answers, and that every backend
// answers the same, for every interest, whether it was watching when the state
// came or not. And its stories. Rows that this system cannot have are skipped.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "tests/support/answer.h"
#include "tests/support/catalogue.h"
#include "tests/support/catalogue_differences.h"
#include "tests/support/reference.h"
#include "tests/support/runner.h"
#include "tests/support/scenario.h"
#include "tests/support/under_test.h"
#include "tests/support/variations.h"

namespace isopoll::tests {
namespace {

class StateTest : public ::testing::TestWithParam<State> {
 protected:
  void SetUp() override {
    const std::string why = WhyNotHere(GetParam());
    if (!why.empty()) GTEST_SKIP() << why;
  }
};

TEST_P(StateTest, ReferenceAnswersAsCatalogued) {
  const auto answers = ParseAnswers(AnswersHere(GetParam()));
  ASSERT_TRUE(answers.ok()) << answers.status();
  const auto scenario = Scenario::Parse(GetParam().scenario);
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  auto nobody = Runner::Create({});
  ASSERT_TRUE(nobody.ok()) << nobody.status();
  for (const Step& step : scenario->steps()) {
    const absl::Status done = (*nobody)->Do(step);
    ASSERT_TRUE(done.ok()) << done;
  }
  for (const auto& [name, answer] : *answers) {
    const absl::StatusOr<int> fd = (*nobody)->world().Number(name);
    ASSERT_TRUE(fd.ok()) << fd.status();
    const absl::StatusOr<Snapshot> truth = LookAtRest({*fd});
    ASSERT_TRUE(truth.ok()) << truth.status();
    EXPECT_EQ(truth->at(*fd), answer)
        << name << " after \"" << *scenario << "\"";
  }
}

TEST_P(StateTest, PollersAgreeOnEveryInterest) {
  for (Interest interest : AllInterests()) {
    const auto scenario = WatchAfterwards(GetParam(), interest);
    ASSERT_TRUE(scenario.ok()) << scenario.status();
    const absl::Status run = RunScenario(*scenario, ContendersUnderTest());
    EXPECT_TRUE(run.ok()) << run.message();
  }
}

TEST_P(StateTest, PollersAgreeAllTheWay) {
  for (Interest interest : AllInterests()) {
    const auto scenario = WatchAllTheWay(GetParam(), interest);
    ASSERT_TRUE(scenario.ok()) << scenario.status();
    const absl::Status run = RunScenario(*scenario, ContendersUnderTest());
    EXPECT_TRUE(run.ok()) << run.message();
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, StateTest,
                         ::testing::ValuesIn(CatalogueStates().begin(),
                                             CatalogueStates().end()),
                         [](const auto& row) { return row.param.name; });

class StoryTest : public ::testing::TestWithParam<Story> {
 protected:
  void SetUp() override {
    const std::string why = WhyNotHere(GetParam());
    if (!why.empty()) GTEST_SKIP() << why;
  }
};

TEST_P(StoryTest, PollersAgree) {
  const auto scenario = Scenario::Parse(GetParam().scenario);
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  const absl::Status run = RunScenario(*scenario, ContendersUnderTest());
  EXPECT_TRUE(run.ok()) << run.message();
}

INSTANTIATE_TEST_SUITE_P(Catalogue, StoryTest,
                         ::testing::ValuesIn(CatalogueStories().begin(),
                                             CatalogueStories().end()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace isopoll::tests
