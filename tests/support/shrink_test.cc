#include "tests/support/shrink.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/support/scenario.h"

namespace isopoll::tests {
namespace {

bool NeedsAAndC(const Scenario& scenario) {
  const std::string text = scenario.ToString();
  return absl::StrContains(text, "close a") &&
         absl::StrContains(text, "watch c r");
}

TEST(ShrinkTest, LeavesWhatFailsAndWhatThatNeeds) {
  std::string text = "tcp a b";
  for (int i = 0; i < 50; ++i) {
    absl::StrAppend(&text, "; udp_socket e", i, "; watch e", i, " w; wait");
  }
  absl::StrAppend(&text, "; tcp c d; close a; wait; watch c r; wait");
  const absl::StatusOr<Scenario> scenario = Scenario::Parse(text);
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(Shrink(*scenario, NeedsAAndC, absl::InfiniteDuration()).ToString(),
            "tcp a b; tcp c d; close a; watch c r");
}

TEST(ShrinkTest, KeepsWhatItHasWhenTimeIsUp) {
  const absl::StatusOr<Scenario> scenario =
      Scenario::Parse("tcp a b; tcp c d; wait; close a; watch c r");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(Shrink(*scenario, NeedsAAndC, -absl::Seconds(1)), *scenario);
}

}  // namespace
}  // namespace isopoll::tests
