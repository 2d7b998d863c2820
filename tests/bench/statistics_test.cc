#include "tools/bench/statistics.h"

#include "gtest/gtest.h"

namespace isopoll::bench {
namespace {

TEST(QuartilesOf, OneValueIsAllThree) {
  const Quartiles quartiles = QuartilesOf({7});
  EXPECT_EQ(quartiles.lower, 7);
  EXPECT_EQ(quartiles.median, 7);
  EXPECT_EQ(quartiles.upper, 7);
}

TEST(QuartilesOf, OrderDoesNotMatter) {
  const Quartiles quartiles = QuartilesOf({5, 1, 4, 2, 3});
  EXPECT_EQ(quartiles.lower, 2);
  EXPECT_EQ(quartiles.median, 3);
  EXPECT_EQ(quartiles.upper, 4);
}

TEST(QuartilesOf, LiesBetweenTwoValues) {
  const Quartiles quartiles = QuartilesOf({1, 2, 3, 4});
  EXPECT_DOUBLE_EQ(quartiles.lower, 1.75);
  EXPECT_DOUBLE_EQ(quartiles.median, 2.5);
  EXPECT_DOUBLE_EQ(quartiles.upper, 3.25);
}

}  // namespace
}  // namespace isopoll::bench
