// The language of scenarios: what is printed can be parsed, and what cannot be
// parsed is answered with the step, the word, and what was expected there.

#include "tests/support/scenario.h"

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "tests/support/catalogue.h"
#include "tests/support/catalogue_differences.h"
#include "tests/support/choices.h"
#include "tests/support/generator.h"
#include "tests/support/runner.h"
#include "tests/support/step.h"
#include "tests/support/variations.h"
#include "tests/support/vocabulary.h"

namespace isopoll::tests {
namespace {

void ExpectComesBack(const Scenario& scenario) {
  const absl::StatusOr<Scenario> again = Scenario::Parse(scenario.ToString());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, scenario);
  EXPECT_EQ(again->ToString(), scenario.ToString());
}

TEST(ScenarioTest, SplitsStepsAndWords) {
  const absl::StatusOr<Scenario> scenario =
      Scenario::Parse("  tcp a   b;try recv a 1 ;\twatch a rw oneshot; wait 3");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  ASSERT_EQ(scenario->steps().size(), 4u);
  EXPECT_EQ(scenario->steps()[0].words,
            (std::vector<std::string>{"tcp", "a", "b"}));
  EXPECT_FALSE(scenario->steps()[0].tolerant);
  EXPECT_TRUE(scenario->steps()[1].tolerant);
  EXPECT_EQ(scenario->steps()[1].number(2), 1u);
  EXPECT_EQ(scenario->steps()[2].interest(2), kReadable | kWritable);
  EXPECT_EQ(scenario->steps()[3].number(1), 3u);
  EXPECT_EQ(scenario->ToString(),
            "tcp a b; try recv a 1; watch a rw oneshot; wait 3");
}

TEST(ScenarioTest, NothingIsAScenario) {
  const absl::StatusOr<Scenario> scenario = Scenario::Parse("  ");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(*scenario, Scenario());
  EXPECT_EQ(scenario->ToString(), "");
}

TEST(ScenarioTest, CatalogueComesBackAsPrinted) {
  for (const State& state : CatalogueStates()) {
    if (!WhyNotHere(state).empty()) continue;
    const auto scenario = WatchAllTheWay(state, kReadable);
    ASSERT_TRUE(scenario.ok()) << state << ": " << scenario.status();
    ExpectComesBack(*scenario);
  }
  for (const Story& story : CatalogueStories()) {
    if (!WhyNotHere(story).empty()) continue;
    const auto scenario = Scenario::Parse(story.scenario);
    ASSERT_TRUE(scenario.ok()) << story << ": " << scenario.status();
    ExpectComesBack(*scenario);
  }
  for (const Transition& transition : CatalogueTransitions()) {
    if (!WhyNotHere(transition).empty()) continue;
    const auto scenario = SleepThrough(transition, kPriority);
    ASSERT_TRUE(scenario.ok()) << transition << ": " << scenario.status();
    ExpectComesBack(*scenario);
  }
}

TEST(ScenarioTest, RandomStepsComeBackAsPrinted) {
  auto nobody = Runner::Create({});
  ASSERT_TRUE(nobody.ok()) << nobody.status();
  RandomChoices choices(/*seed=*/5);
  Generator generator(choices, /*most_open=*/10);
  for (int i = 0; i < 300; ++i) {
    const absl::Status done = (*nobody)->Do(generator.Next((*nobody)->world()));
    ASSERT_TRUE(done.ok()) << done;
  }
  const auto scenario = Scenario::FromSteps((*nobody)->done());
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  ExpectComesBack(*scenario);
}

TEST(ScenarioTest, SalvageLeavesOutWhatMakesNoSense) {
  const auto scenario = Scenario::Parse("tcp a b; watch a r; wait; close b");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  std::vector<Step> steps = scenario->steps();
  steps.erase(steps.begin());
  EXPECT_EQ(Scenario::Salvage(steps).ToString(), "wait");
}

TEST(ScenarioTest, NamesCatalogueRowsOnce) {
  std::set<std::string> names;
  for (const State& state : CatalogueStates()) {
    EXPECT_TRUE(names.insert(state.name).second) << state.name;
  }
  for (const Story& story : CatalogueStories()) {
    EXPECT_TRUE(names.insert(story.name).second) << story.name;
  }
}

TEST(VocabularyTest, DescribesEveryCommand) {
  const std::string description = DescribeVocabulary();
  for (const char* usage :
       {"tcp NEW NEW", "send NAME COUNT", "shutdown NAME r|w|rw",
        "watch NAME INTEREST [oneshot]", "set NAME INTEREST [oneshot]",
        "wait [COUNT]", "waits COUNT [COUNT]"}) {
    EXPECT_NE(description.find(usage), std::string::npos) << usage;
  }
  EXPECT_EQ(description.find("arm NAME") != std::string::npos,
            WhyNotHere("timerfd t; arm t").empty());
}

struct Mistake {
  const char* name;
  const char* text;
  const char* error;
};

class MistakeTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(MistakeTest, IsPointedOut) {
  EXPECT_EQ(Scenario::Parse(GetParam().text).status(),
            absl::InvalidArgumentError(GetParam().error));
}

constexpr Mistake kMistakes[] = {
    {"EmptyStep", "wait;; wait", "step 2 \"\": no words; expected a command"},
    {"UnknownCommand", "tcp a b; sned a 3",
     "step 2 \"sned a 3\": \"sned\" is not a command; the replay's "
     "--vocabulary lists them"},
    {"UnknownName", "tcp a b; send c 3",
     "step 2 \"send c 3\": nothing is named \"c\"; expected one of a b "
     "(usage: send NAME COUNT)"},
    {"NoNameYet", "send c 3",
     "step 1 \"send c 3\": nothing is named \"c\"; expected a channel to be "
     "declared first (usage: send NAME COUNT)"},
    {"NameTaken", "tcp a b; udp a c",
     "step 2 \"udp a c\": the name \"a\" is taken; expected a new one "
     "(usage: udp NEW NEW)"},
    {"NameTakenInOneStep", "tcp a a",
     "step 1 \"tcp a a\": the name \"a\" is taken; expected a new one "
     "(usage: tcp NEW NEW)"},
    {"BadName", "tcp a 3b",
     "step 1 \"tcp a 3b\": \"3b\" is not a name; expected a lower-case "
     "letter, then letters, digits and _ (usage: tcp NEW NEW)"},
    {"WordMissing", "tcp a b; send a",
     "step 2 \"send a\": a word is missing; expected COUNT after \"a\" "
     "(usage: send NAME COUNT)"},
    {"WordTooMany", "tcp a b c",
     "step 1 \"tcp a b c\": \"c\" is too much; expected the step to end "
     "before it (usage: tcp NEW NEW)"},
    {"NotANumber", "tcp a b; send a three",
     "step 2 \"send a three\": \"three\" is not a number; expected zero or "
     "more (usage: send NAME COUNT)"},
    {"NegativeNumber", "tcp a b; send a -3",
     "step 2 \"send a -3\": \"-3\" is not a number; expected zero or more "
     "(usage: send NAME COUNT)"},
    {"NumberTooLarge", "tcp a b; send a 1073741825",
     "step 2 \"send a 1073741825\": \"1073741825\" is too much; expected "
     "1073741824 at most (usage: send NAME COUNT)"},
    {"BadInterest", "tcp a b; watch a wr",
     "step 2 \"watch a wr\": \"wr\" is not an interest; expected letters of "
     "rwp, or - (usage: watch NAME INTEREST [oneshot])"},
    {"BadChoice", "tcp a b; shutdown a x",
     "step 2 \"shutdown a x\": \"x\" does not belong here; expected r|w|rw "
     "(usage: shutdown NAME r|w|rw)"},
    {"BadOption", "tcp a b; watch a r twice",
     "step 2 \"watch a r twice\": \"twice\" does not belong here; expected "
     "oneshot (usage: watch NAME INTEREST [oneshot])"},
    {"TryBeforePollers", "tcp a b; try watch a r",
     "step 2 \"try watch a r\": \"try\" before \"watch\"; expected it only "
     "before what is done to a channel"},
    {"TryAlone", "try", "step 1 \"try \": no words; expected a command"},
};

INSTANTIATE_TEST_SUITE_P(Mistakes, MistakeTest, ::testing::ValuesIn(kMistakes),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace isopoll::tests
