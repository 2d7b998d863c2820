// How long a Wait sleeps at once: see ToSleepTime.

#include "poller/core/deadline.h"

#include <ctime>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace isopoll {
namespace internal {
namespace {

absl::Duration SleepOf(absl::Duration remaining) {
  return absl::DurationFromTimespec(ToSleepTime(remaining));
}

TEST(ToSleepTimeTest, IsAllOfASecondAtMost) {
  for (absl::Duration remaining :
       {absl::Nanoseconds(1), absl::Microseconds(1500), absl::Milliseconds(999),
        absl::Seconds(1)}) {
    EXPECT_EQ(SleepOf(remaining), remaining);
  }
}

TEST(ToSleepTimeTest, IsHalfOfMoreButNoLessThanASecond) {
  EXPECT_EQ(SleepOf(absl::Seconds(1.5)), absl::Seconds(1));
  EXPECT_EQ(SleepOf(absl::Seconds(2)), absl::Seconds(1));
  EXPECT_EQ(SleepOf(absl::Seconds(7)), absl::Seconds(3.5));
  EXPECT_EQ(SleepOf(absl::Hours(1)), absl::Minutes(30));
}

// Never early (R7).
TEST(ToSleepTimeTest, RoundsUpToANanosecond) {
  EXPECT_EQ(SleepOf(absl::Nanoseconds(1) / 2), absl::Nanoseconds(1));
  EXPECT_EQ(SleepOf(absl::Seconds(1) - absl::Nanoseconds(1) / 4),
            absl::Seconds(1));
}

TEST(ToSleepTimeTest, IsWhatEveryKernelTakes) {
  EXPECT_EQ(SleepOf(absl::Hours(24 * 365 * 1000)), absl::Hours(24));
}

TEST(ToSleepTimeTest, AnHourIsAFewSleeps) {
  int sleeps = 0;
  for (absl::Duration left = absl::Hours(1); left > absl::ZeroDuration();
       left -= SleepOf(left)) {
    ASSERT_LT(++sleeps, 20);
  }
}

TEST(DeadlineTest, ZeroAndInfiniteStayWhatTheyAre) {
  for (absl::Duration timeout :
       {absl::ZeroDuration(), absl::InfiniteDuration()}) {
    Deadline deadline(timeout);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(deadline.Remaining(), timeout);
    EXPECT_EQ(deadline.Passed(), timeout == absl::ZeroDuration());
  }
}

TEST(DeadlineTest, AnyOtherRunsFromTheFirstQuestion) {
  Deadline deadline(absl::Hours(1));
  EXPECT_EQ(deadline.Remaining(), absl::Hours(1));
  EXPECT_LT(deadline.Remaining(), absl::Hours(1));
  EXPECT_FALSE(deadline.Passed());
}

}  // namespace
}  // namespace internal
}  // namespace isopoll
