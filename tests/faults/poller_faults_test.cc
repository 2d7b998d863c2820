// R18, and that nothing is lost by what cannot be helped: every system call
// that a poller makes fails once, with each error that its manual lists, in
// every scenario of the catalogue in which it is made. What fails is tried
// again; from there on the judge holds the poller to everything.
//
// Bounded, so that it takes minutes and not hours: of the eight interests of a
// state one is taken, which has all directions; states, and stories in which
// each look has a deadline, are for pollers without options; of the calls of
// one name in a scenario the first and the last fail (--most_calls: more of
// them); transitions, in which pollers sleep, are left out where there must be
// time to show a spin; and calls that make or destroy a poller, which are the
// same in every scenario, fail in a few.
//
//   bazel run //tests/faults:poller_faults_test -- --most_calls=1000
//   bazel run //tests/faults:poller_faults_test --
//       --gtest_filter='*/A09LevelHolds' --only='epoll_wait EINTR 2'

#include <algorithm>
#include <iostream>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "tests/faults/failure.h"
#include "tests/faults/scenario_faults.h"
#include "tests/support/catalogue.h"
#include "tests/support/scenario.h"
#include "tests/support/variations.h"

ABSL_FLAG(int, most_calls, 2,
          "of how many calls of one name each fails, in one scenario");
ABSL_FLAG(std::string, only, "", "the fault: 'epoll_wait EINTR 2'");
ABSL_FLAG(std::string, victim, "", "the kind of poller: 'epoll(exact)'");

namespace isopoll::tests {
namespace {

struct Row {
  std::string name;
  std::string scenario;
  absl::Duration look;
  // See LoopOptions.
  bool ends = false;
  // Whether pollers with options run it, too.
  bool exact = true;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << '"' << row.scenario << '"';
}

Row RowOf(const std::string& name, const absl::StatusOr<Scenario>& scenario,
          absl::Duration look = absl::ZeroDuration()) {
  Row row;
  row.name = name;
  row.scenario = scenario.value().ToString();
  row.look = look;
  return row;
}

// What comes of several rounds in one Wait, which the catalogue has little of.
constexpr Story kOwnStories[] = {
    {"OneShotsBesideAWakeup",
     "eventfd a; eventfd b; eventfd c; watch a w oneshot; watch b w oneshot; "
     "watch c w oneshot; wakeup; wait 2; wait 2; wait 2"},
    {"OneShotBesideAClosedOne",
     "eventfd a; eventfd b; watch a w oneshot; watch b w oneshot; close b; "
     "wait; wait"},
    {"OneShotBesideAHangup",
     "pipe r w; close w; watch r w; eventfd a; watch a w oneshot; wakeup; "
     "wait 1; wait 1; wait 1"},
    {"ModifiedBesideAReadyOne",
     "eventfd a; eventfd b; watch a r; watch b w; wait; modify a rw; wakeup; "
     "wait; wait; modify a r oneshot; modify b r; wait; modify b w; wait"},
};

std::vector<Row> Rows() {
  std::vector<Row> rows;
  const Interest all = kReadable | kWritable | kPriority;
  for (const State& state : CatalogueStates()) {
    rows.push_back(RowOf(state.name, WatchAllTheWay(state, all)));
    rows.back().exact = false;
  }
  const auto enter = [&](const Story& story, bool ends) {
    const absl::StatusOr<Scenario> scenario = Scenario::Parse(story.scenario);
    rows.push_back(RowOf(story.name, scenario));
    rows.back().ends = ends;
    if (absl::StrContains(story.scenario, "sleep")) return;
    if (absl::StrContains(story.scenario, "waits")) return;
    rows.push_back(RowOf(absl::StrCat(story.name, "InTime"), scenario,
                         absl::Microseconds(300)));
    rows.back().exact = false;
  };
  for (const Story& story : CatalogueStories()) enter(story, false);
  for (const Story& story : kOwnStories) enter(story, true);
  for (const Transition& transition : CatalogueTransitions()) {
    const absl::StatusOr<Scenario> scenario = SleepThrough(transition, all);
    if (absl::StrContains(scenario.value().ToString(), "dwell")) continue;
    rows.push_back(RowOf(transition.name, scenario));
  }
  return rows;
}

const std::vector<Row>& AllRows() {
  static const auto& rows = *new std::vector<Row>(Rows());
  return rows;
}

LoopOptions OptionsFor(const Row& row) {
  LoopOptions options;
  options.look = row.look;
  options.ends = row.ends;
  options.most_calls = absl::GetFlag(FLAGS_most_calls);
  options.only = absl::GetFlag(FLAGS_only);
  return options;
}

std::vector<Victim> VictimsAsked() {
  const std::string name = absl::GetFlag(FLAGS_victim);
  std::vector<Victim> victims = Victims();
  if (name.empty()) return victims;
  victims.erase(std::remove_if(victims.begin(), victims.end(),
                               [&](const Victim& victim) {
                                 return victim.contender.name != name;
                               }),
                victims.end());
  return victims;
}

// Of this process.
std::map<std::string, Tally>& Tallies() {
  static auto& tallies = *new std::map<std::string, Tally>();
  return tallies;
}

class PollerFaultsTest : public ::testing::TestWithParam<Row> {
 protected:
  static void TearDownTestSuite() {
    for (const auto& [name, tally] : Tallies()) {
      std::cout << name << ": " << tally.injected << " faults, of which "
                << tally.told << " were told, " << tally.given_up
                << " runs that gave up, " << tally.missed << " missed\n";
    }
  }
};

TEST_P(PollerFaultsTest, NothingIsLost) {
  const absl::StatusOr<Scenario> scenario =
      Scenario::Parse(GetParam().scenario);
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  for (const Victim& victim : VictimsAsked()) {
    if (victim.contender.exact_hints && !GetParam().exact) continue;
    const absl::Status run =
        FailEachCall(*scenario, victim, OptionsFor(GetParam()),
                     &Tallies()[victim.contender.name]);
    EXPECT_TRUE(run.ok()) << run.message() << "\nTo repeat it: "
                          << "--gtest_filter='*/" << GetParam().name
                          << "' --victim='" << victim.contender.name
                          << "' --only='CALL ERROR NTH'";
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, PollerFaultsTest,
                         ::testing::ValuesIn(AllRows()),
                         [](const auto& row) { return row.param.name; });

// Each call in the tables is made somewhere, and each that is made is there.
TEST(FailureTablesTest, ListWhatIsCalled) {
  std::map<const Failure*, std::set<std::string>> listed, made;
  for (const Victim& victim : Victims()) {
    const Failure* const table = victim.failures.data();
    for (const Failure& failure : victim.failures) {
      listed[table].insert(std::string(failure.call));
    }
    for (const Row& row : AllRows()) {
      const absl::StatusOr<Scenario> scenario = Scenario::Parse(row.scenario);
      ASSERT_TRUE(scenario.ok()) << scenario.status();
      for (const auto& [name, count] :
           CallsIn(*scenario, victim, OptionsFor(row))) {
        made[table].insert(name);
      }
    }
  }
  for (auto& [table, names] : listed) {
    for (const absl::string_view name : CallsOfPollersThatDoNotFail()) {
      if (names.count(std::string(name)) == 0) {
        made[table].erase(std::string(name));
      }
    }
    EXPECT_EQ(made[table], names);
  }
}

}  // namespace
}  // namespace isopoll::tests

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  absl::ParseCommandLine(argc, argv);
  return RUN_ALL_TESTS();
}
