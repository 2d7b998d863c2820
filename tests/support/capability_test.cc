#include "tests/support/capability.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/catalogue_differences.h"
#include "tests/support/scenario.h"

namespace isopoll::tests {
namespace {

struct Case {
  const char* scenario;
  std::set<Capability> needed;
};

class RequirementsTest : public ::testing::TestWithParam<Case> {};

TEST_P(RequirementsTest, AreWhatTheScenarioUses) {
  const std::string why = WhyNotHere(GetParam().scenario);
  if (!why.empty()) GTEST_SKIP() << why;
  const auto scenario = Scenario::Parse(GetParam().scenario);
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(RequirementsOf(*scenario), GetParam().needed)
      << GetParam().scenario;
}

INSTANTIATE_TEST_SUITE_P(
    Each, RequirementsTest,
    ::testing::Values(
        Case{"tcp a b; watch a rw; send b 1; wait; remove a; close a", {}},
        Case{"tcp a b; close b; wait", {}},
        Case{"tcp a b; watch a rp", {Capability::kPriority}},
        Case{"tcp a b; watch a w", {Capability::kSilentHangup}},
        Case{"tcp a b; watch a r; modify a -", {Capability::kParking}},
        Case{"tcp a b; watch a r oneshot", {Capability::kOneShot}},
        Case{"tcp a b; watch a r; wait 1", {Capability::kFairness}},
        Case{"tcp a b; watch a r; waits 2", {}},
        Case{"tcp a b; watch a r; waits 2 1", {Capability::kFairness}},
        Case{"wakeup; wait", {Capability::kWakeup}},
        Case{"sleep; rouse", {Capability::kWakeup}},
        Case{"tcp r w; sleep; watch r r; rouse",
             {Capability::kWakeup, Capability::kChangesWhileAsleep}},
        Case{"tcp r w; sleep; rouse; watch r r", {Capability::kWakeup}},
        Case{"tcp r w; watch r r; close r", {Capability::kClosedWithoutRemove}},
        Case{"tcp r w; set r r; close r", {Capability::kClosedWithoutRemove}},
        Case{"tcp r w; set r r; set r -; close r", {}},
        Case{"tcp r w; sleep; set r -; rouse",
             {Capability::kWakeup, Capability::kChangesWhileAsleep}},
        Case{"tcp r w; set w wp oneshot",
             {Capability::kSilentHangup, Capability::kPriority,
              Capability::kOneShot}},
        Case{"file f; watch f r", {Capability::kFiles}}));

}  // namespace
}  // namespace isopoll::tests
