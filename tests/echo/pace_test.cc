#include "echo/service/pace.h"

#include "absl/time/time.h"
#include "echo/service/limits.h"
#include "gtest/gtest.h"

namespace isopoll::echo {
namespace {

absl::Duration At(int seconds) { return absl::Seconds(seconds); }

Limits TheLimits() {
  Limits limits;
  limits.idle = At(10);
  limits.min_rate = 100;
  limits.rate_window = At(4);
  return limits;
}

TEST(PaceTest, SilenceIsIdle) {
  const Limits limits = TheLimits();
  Pace pace(At(0));
  EXPECT_EQ(pace.due(limits), At(10));
  EXPECT_EQ(pace.Judge(At(9), limits, /*unsent=*/0), Pace::Verdict::kFine);
  pace.OnTransfer(At(9), /*bytes=*/1, /*sent=*/0, /*owed=*/0);
  EXPECT_EQ(pace.due(limits), At(19));
  EXPECT_EQ(pace.Judge(At(18), limits, /*unsent=*/0), Pace::Verdict::kFine);
  EXPECT_EQ(pace.Judge(At(19), limits, /*unsent=*/0), Pace::Verdict::kIdle);
}

TEST(PaceTest, ATurnWithoutBytesIsSilence) {
  const Limits limits = TheLimits();
  Pace pace(At(0));
  pace.OnTransfer(At(9), /*bytes=*/0, /*sent=*/0, /*owed=*/0);
  EXPECT_EQ(pace.Judge(At(10), limits, /*unsent=*/0), Pace::Verdict::kIdle);
}

TEST(PaceTest, WhoTakesTooLittleIsSlow) {
  const Limits limits = TheLimits();
  Pace pace(At(0));
  pace.OnTransfer(At(1), /*bytes=*/1000, /*sent=*/0, /*owed=*/1000);
  EXPECT_EQ(pace.due(limits), At(5));
  pace.OnTransfer(At(3), /*bytes=*/399, /*sent=*/399, /*owed=*/601);
  EXPECT_EQ(pace.Judge(At(4), limits, /*unsent=*/0), Pace::Verdict::kFine);
  EXPECT_EQ(pace.Judge(At(5), limits, /*unsent=*/0), Pace::Verdict::kSlow);
}

// The kernel takes no more, and the peer takes what the kernel has.
TEST(PaceTest, WhoTakesWhatTheKernelHasIsNotSlow) {
  const Limits limits = TheLimits();
  Pace pace(At(0));
  pace.OnTransfer(At(1), /*bytes=*/9000, /*sent=*/8000, /*owed=*/1000);
  EXPECT_EQ(pace.Judge(At(5), limits, /*unsent=*/5000), Pace::Verdict::kFine)
      << "there is nothing to compare it with";
  EXPECT_EQ(pace.Judge(At(9), limits, /*unsent=*/4600), Pace::Verdict::kFine);
  pace.OnTransfer(At(10), /*bytes=*/500, /*sent=*/500, /*owed=*/500);
  EXPECT_EQ(pace.Judge(At(13), limits, /*unsent=*/4700), Pace::Verdict::kFine);
  EXPECT_EQ(pace.Judge(At(17), limits, /*unsent=*/4301), Pace::Verdict::kSlow);
}

TEST(PaceTest, WhoTakesEnoughHasAnotherWindow) {
  const Limits limits = TheLimits();
  Pace pace(At(0));
  pace.OnTransfer(At(1), /*bytes=*/1000, /*sent=*/0, /*owed=*/1000);
  pace.OnTransfer(At(3), /*bytes=*/400, /*sent=*/400, /*owed=*/600);
  EXPECT_EQ(pace.Judge(At(5), limits, /*unsent=*/0), Pace::Verdict::kFine);
  EXPECT_EQ(pace.due(limits), At(9));
  EXPECT_EQ(pace.Judge(At(9), limits, /*unsent=*/0), Pace::Verdict::kSlow)
      << "what was taken counts twice";
}

TEST(PaceTest, WhoIsOwedNothingIsNotSlow) {
  const Limits limits = TheLimits();
  Pace pace(At(0));
  pace.OnTransfer(At(1), /*bytes=*/10, /*sent=*/0, /*owed=*/10);
  pace.OnTransfer(At(2), /*bytes=*/10, /*sent=*/10, /*owed=*/0);
  EXPECT_EQ(pace.due(limits), At(12));
  EXPECT_EQ(pace.Judge(At(8), limits, /*unsent=*/0), Pace::Verdict::kFine);
}

TEST(PaceTest, WithoutLimitsNothingIsEverDue) {
  Limits limits;
  limits.min_rate = 0;
  Pace pace(At(0));
  pace.OnTransfer(At(1), /*bytes=*/10, /*sent=*/0, /*owed=*/10);
  EXPECT_EQ(pace.due(limits), absl::InfiniteDuration());
  EXPECT_EQ(pace.Judge(At(1000000), limits, /*unsent=*/0),
            Pace::Verdict::kFine);
}

}  // namespace
}  // namespace isopoll::echo
