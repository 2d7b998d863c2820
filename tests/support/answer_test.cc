#include "tests/support/answer.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"

namespace isopoll::tests {
namespace {

TEST(AnswerTest, ParsesWhatItPrints) {
  for (const char* text :
       {"-", "r", "w", "p", "rwp", "rw+c", "r+hc", "-+h", "rw+hce", "closed"}) {
    const auto answer = ParseAnswer(text);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->ToString(), text);
  }
}

TEST(AnswerTest, RefusesOtherText) {
  for (const char* text :
       {"", "x", "wr", "rr", "r-", "r+", "r+ch", "+h", "shut"}) {
    EXPECT_EQ(ParseAnswer(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(AnswerTest, SaysWhatWasExpected) {
  EXPECT_EQ(ParseInterest("wr").status().message(),
            "\"wr\" is not an interest; expected letters of rwp, or -");
  EXPECT_EQ(ParseAnswer("r+x").status().message(),
            "\"x\" are not hints; expected letters of hce");
}

TEST(AnswerTest, TakesReadinessAndHintsFromAnEvent) {
  Event event(5, 7, kReadable | kPriority);
  event.AddHint(Hint::kReadClosed);
  event.AddHint(Hint::kError);
  EXPECT_EQ(AnswerFromEvent(event).ToString(), "rp+ce");
}

TEST(AnswerTest, HintsRideOnReadinessWithinTheInterest) {
  const Answer answer = *ParseAnswer("r+hc");
  EXPECT_EQ(Within(answer, kReadable | kWritable).ToString(), "r+hc");
  EXPECT_EQ(Within(answer, kWritable).ToString(), "-");
  EXPECT_EQ(Within(answer, kNone).ToString(), "-");
}

TEST(AnswerTest, HintsAreTrueIfThereAreNoMore) {
  EXPECT_TRUE(HintsAreTrue(*ParseAnswer("r"), *ParseAnswer("r+hc")));
  EXPECT_TRUE(HintsAreTrue(*ParseAnswer("r+c"), *ParseAnswer("r+hc")));
  EXPECT_FALSE(HintsAreTrue(*ParseAnswer("r+h"), *ParseAnswer("r+c")));
}

}  // namespace
}  // namespace isopoll::tests
