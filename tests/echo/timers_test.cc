#include "echo/loop/timers.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace isopoll::echo {
namespace {

absl::Duration At(int seconds) { return absl::Seconds(seconds); }

// Calls what it was given.
class Call : public Timer {
 public:
  explicit Call(std::function<absl::Status()> call) : call_(std::move(call)) {}
  absl::Status OnTimer() override { return call_(); }

 private:
  std::function<absl::Status()> call_;
};

class TimersTest : public testing::Test {
 protected:
  std::unique_ptr<Call> Note(int number) {
    return std::make_unique<Call>([this, number] {
      called_.push_back(number);
      return absl::OkStatus();
    });
  }

  std::vector<int> called_;
  Timers timers_;
};

TEST_F(TimersTest, NothingIsDueAtFirst) {
  EXPECT_EQ(timers_.next(), absl::InfiniteDuration());
  EXPECT_EQ(timers_.RunDue(At(1000)), absl::OkStatus());
}

TEST_F(TimersTest, CallsWhatIsDueTheEarliestFirstAndOnce) {
  auto a = Note(1), b = Note(2), c = Note(3);
  timers_.Set(*c, At(30));
  timers_.Set(*a, At(10));
  timers_.Set(*b, At(20));
  EXPECT_EQ(timers_.next(), At(10));
  EXPECT_EQ(timers_.RunDue(At(9)), absl::OkStatus());
  EXPECT_TRUE(called_.empty());
  EXPECT_EQ(timers_.RunDue(At(20)), absl::OkStatus());
  EXPECT_EQ(called_, (std::vector<int>{1, 2}));
  EXPECT_FALSE(a->set());
  EXPECT_TRUE(c->set());
  EXPECT_EQ(timers_.next(), At(30));
}

TEST_F(TimersTest, ASetTimerIsMovedAndACancelledOneForgotten) {
  auto a = Note(1), b = Note(2);
  timers_.Set(*a, At(10));
  timers_.Set(*b, At(20));
  timers_.Set(*a, At(30));
  EXPECT_EQ(timers_.next(), At(20));
  timers_.Cancel(*b);
  EXPECT_EQ(timers_.next(), At(30));
  EXPECT_EQ(a->at(), At(30));
  EXPECT_EQ(b->at(), absl::InfiniteDuration());
  timers_.Set(*a, absl::InfiniteDuration());
  EXPECT_EQ(timers_.size(), 0);
}

TEST_F(TimersTest, ADestroyedTimerIsForgotten) {
  auto a = Note(1);
  timers_.Set(*a, At(10));
  a.reset();
  EXPECT_EQ(timers_.RunDue(At(10)), absl::OkStatus());
  EXPECT_TRUE(called_.empty());
}

TEST_F(TimersTest, TimersMayOutliveThem) {
  auto a = Note(1);
  {
    Timers others;
    others.Set(*a, At(1));
  }
  EXPECT_FALSE(a->set());
}

TEST_F(TimersTest, ATimerSetByACallWaitsForTheNext) {
  int calls = 0;
  std::unique_ptr<Call> a;
  a = std::make_unique<Call>([&] {
    ++calls;
    timers_.Set(*a, At(5));
    return absl::OkStatus();
  });
  timers_.Set(*a, At(10));
  EXPECT_EQ(timers_.RunDue(At(10)), absl::OkStatus());
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(timers_.RunDue(At(10)), absl::OkStatus());
  EXPECT_EQ(calls, 2);
}

TEST_F(TimersTest, ACallMayDestroyOrCancelOthersAndItself) {
  auto victim = Note(1), cancelled = Note(2), last = Note(3);
  std::unique_ptr<Call> a;
  a = std::make_unique<Call>([&] {
    victim.reset();
    timers_.Cancel(*cancelled);
    a.reset();
    return absl::OkStatus();
  });
  timers_.Set(*a, At(1));
  timers_.Set(*victim, At(2));
  timers_.Set(*cancelled, At(3));
  timers_.Set(*last, At(4));
  EXPECT_EQ(timers_.RunDue(At(10)), absl::OkStatus());
  EXPECT_EQ(called_, std::vector<int>{3});
  EXPECT_EQ(timers_.size(), 0);
}

TEST_F(TimersTest, AfterAnErrorTheRestIsStillDue) {
  Call bad([] { return absl::InternalError("no"); });
  auto b = Note(2);
  timers_.Set(bad, At(1));
  timers_.Set(*b, At(2));
  EXPECT_EQ(timers_.RunDue(At(3)), absl::InternalError("no"));
  EXPECT_TRUE(called_.empty());
  EXPECT_EQ(timers_.next(), At(2));
  EXPECT_EQ(timers_.RunDue(At(3)), absl::OkStatus());
  EXPECT_EQ(called_, std::vector<int>{2});
}

// Whatever is set, moved and cancelled, in whatever order: what is called, and
// when, is what a sorted list says.
TEST_F(TimersTest, AgreesWithASortedList) {
  std::mt19937 random(1);
  std::vector<std::unique_ptr<Call>> timers;
  std::vector<int> at(200, -1);
  for (int i = 0; i < 200; ++i) timers.push_back(Note(i));
  for (int now = 0; now < 2000; ++now) {
    for (int j = 0; j < 10; ++j) {
      const int i = random() % 200;
      at[i] =
          random() % 4 == 0 ? -1 : now + 1 + static_cast<int>(random() % 50);
      if (at[i] < 0) {
        timers_.Cancel(*timers[i]);
      } else {
        timers_.Set(*timers[i], At(at[i]));
      }
    }
    std::vector<int> expected;
    for (int i = 0; i < 200; ++i) {
      if (at[i] != now) continue;
      expected.push_back(i);
      at[i] = -1;
    }
    called_.clear();
    ASSERT_EQ(timers_.RunDue(At(now)), absl::OkStatus());
    std::sort(called_.begin(), called_.end());
    ASSERT_EQ(called_, expected) << "at " << now;
    ASSERT_EQ(timers_.size(), 200 - std::count(at.begin(), at.end(), -1));
  }
}

}  // namespace
}  // namespace isopoll::echo
