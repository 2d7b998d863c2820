#include "tests/support/choices.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace isopoll::tests {
namespace {

TEST(ByteChoicesTest, OneByteForEachChoice) {
  const std::vector<uint8_t> bytes = {7, 255, 3};
  ByteChoices choices(bytes);
  EXPECT_EQ(choices.Below(200), 7U);
  EXPECT_EQ(choices.Below(256), 255U);
  EXPECT_FALSE(choices.spent());
  EXPECT_EQ(choices.Below(2), 1U);
  EXPECT_TRUE(choices.spent());
}

TEST(ByteChoicesTest, TwoBytesForMoreThanOneTellsApart) {
  const std::vector<uint8_t> bytes = {1, 2};
  ByteChoices choices(bytes);
  EXPECT_EQ(choices.Below(300), 258U);
  EXPECT_TRUE(choices.spent());
}

TEST(ByteChoicesTest, TheFirstWhenAllAreSpent) {
  ByteChoices choices({});
  EXPECT_EQ(choices.Below(9), 0U);
  EXPECT_EQ(choices.Below(1000), 0U);
}

TEST(RandomChoicesTest, TheSameForTheSameSeed) {
  RandomChoices a(/*seed=*/5), b(/*seed=*/5), other(/*seed=*/6);
  std::vector<size_t> of_a, of_b, of_other;
  for (int i = 0; i < 100; ++i) {
    of_a.push_back(a.Below(1000));
    of_b.push_back(b.Below(1000));
    of_other.push_back(other.Below(1000));
  }
  EXPECT_EQ(of_a, of_b);
  EXPECT_NE(of_a, of_other);
}

}  // namespace
}  // namespace isopoll::tests
