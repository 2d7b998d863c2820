#include "tools/bench/compare.h"

#include <cstddef>
#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tools/bench/scene.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {
namespace {

// What was measured, in order, once the slices take their full time.
std::string order;

// Subjects whose operations cost exactly 100 and 150 ns.
double Cheap(const Case& /*c*/, Scene& /*scene*/, size_t count) {
  order += 'A';
  return 100.0 * static_cast<double>(count);
}
double Dear(const Case& /*c*/, Scene& /*scene*/, size_t count) {
  order += 'B';
  return 150.0 * static_cast<double>(count);
}

Subject SubjectOf(Slice slice) {
  Subject subject;
  subject.slices.fill(slice);
  return subject;
}

TEST(Compare, TakesTheRatioOfCosts) {
  Scene scene(0, 0);
  const Case c = {Workload::kIdle, 0, 0};
  const Comparison result =
      Compare(c, scene, SubjectOf(Cheap), SubjectOf(Dear),
              {/*rounds=*/5, /*slice=*/absl::Microseconds(100)});
  EXPECT_DOUBLE_EQ(result.ratio.lower, 1.5);
  EXPECT_DOUBLE_EQ(result.ratio.median, 1.5);
  EXPECT_DOUBLE_EQ(result.ratio.upper, 1.5);
  EXPECT_DOUBLE_EQ(result.cost, 150);
  EXPECT_DOUBLE_EQ(result.base_cost, 100);
}

TEST(Compare, TakesTurns) {
  Scene scene(0, 0);
  const Case c = {Workload::kIdle, 0, 0};
  order.clear();
  Compare(c, scene, SubjectOf(Cheap), SubjectOf(Dear),
          {/*rounds=*/3, /*slice=*/absl::Microseconds(100)});
  ASSERT_GE(order.size(), 12u);
  EXPECT_EQ(order.substr(order.size() - 12), "ABBAABBAABBA");
}

}  // namespace
}  // namespace isopoll::bench
