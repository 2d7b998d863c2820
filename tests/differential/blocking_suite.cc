// The transitions of the catalogue: a thread sleeps in Wait while another
// causes the change. Whether it is woken, and with what, must be select(2)'s
// answer in every backend; who must not be woken must not spin either.

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "tests/support/catalogue.h"
#include "tests/support/catalogue_differences.h"
#include "tests/support/runner.h"
#include "tests/support/scenario.h"
#include "tests/support/under_test.h"
#include "tests/support/variations.h"

namespace isopoll::tests {
namespace {

class TransitionTest : public ::testing::TestWithParam<Transition> {
 protected:
  void SetUp() override {
    const std::string why = WhyNotHere(GetParam());
    if (!why.empty()) GTEST_SKIP() << why;
  }
};

TEST_P(TransitionTest, WakesOrSleepsAsTheReferenceSays) {
  for (Interest interest : AllInterests()) {
    const auto scenario = SleepThrough(GetParam(), interest);
    ASSERT_TRUE(scenario.ok()) << scenario.status();
    const absl::Status run = RunScenario(*scenario, ContendersUnderTest());
    EXPECT_TRUE(run.ok()) << run.message();
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, TransitionTest,
                         ::testing::ValuesIn(CatalogueTransitions().begin(),
                                             CatalogueTransitions().end()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace isopoll::tests
