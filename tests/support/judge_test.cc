// The judge, before pollers that say what the test tells them to.

#include "tests/support/judge.h"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "net/pairs.h"
#include "poller/poller.h"
#include "tests/support/answer.h"
#include "tests/support/contender.h"
#include "tests/support/ledger.h"

namespace isopoll::tests {
namespace {

// Two descriptors, `a` under token 1 and `b` under token 2, that are watched
// for all there is.
class JudgeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<PipeFds> pipe = Pipe();
    ASSERT_TRUE(pipe.ok()) << pipe.status();
    pipe_ = *std::move(pipe);
    Contender exact;
    exact.name = "exact";
    exact.exact_hints = true;
    exact.check_closed = true;
    exact_ = Judge(exact);
    Contender plain;
    plain.name = "plain";
    plain_ = Judge(plain);
    Watch("a", a(), 1, kAll);
    Watch("b", b(), 2, kAll);
  }

  static constexpr Interest kAll = kReadable | kWritable | kPriority;

  int a() const { return pipe_.read_end.get(); }
  int b() const { return pipe_.write_end.get(); }

  Registration Of(const char* name, int fd, Token token, Interest interest,
                  Trigger trigger = Trigger::kLevel) {
    Registration registration;
    registration.name = name;
    registration.fd = fd;
    registration.token = token;
    registration.interest = interest;
    registration.trigger = trigger;
    return registration;
  }
  void Watch(const char* name, int fd, Token token, Interest interest) {
    for (Judge* judge : {&exact_, &plain_}) {
      ASSERT_EQ(judge->OnAdd(Of(name, fd, token, interest), absl::OkStatus()),
                absl::OkStatus());
    }
  }
  void Modify(const char* name, int fd, Token token, Interest interest,
              Trigger trigger = Trigger::kLevel) {
    for (Judge* judge : {&exact_, &plain_}) {
      ASSERT_EQ(judge->OnModify(Of(name, fd, token, interest, trigger),
                                absl::OkStatus()),
                absl::OkStatus());
    }
  }

  static Event Said(int fd, Token token, absl::string_view text) {
    const Answer answer = *ParseAnswer(text);
    Event event(fd, token, answer.ready);
    if (answer.hangup) event.AddHint(Hint::kHangup);
    if (answer.read_closed) event.AddHint(Hint::kReadClosed);
    if (answer.error) event.AddHint(Hint::kError);
    if (answer.closed) event.AddHint(Hint::kClosed);
    return event;
  }
  static Waited WaitThatSaid(std::initializer_list<Event> events,
                             size_t capacity = 10) {
    Waited waited;
    waited.events = events;
    waited.capacity = capacity;
    waited.result = WaitResult{waited.events.size(), false};
    return waited;
  }
  Snapshot Truth(absl::string_view of_a, absl::string_view of_b) const {
    return {{a(), *ParseAnswer(of_a)}, {b(), *ParseAnswer(of_b)}};
  }
  static absl::Status Verdict(const std::string& text) {
    return absl::InternalError(text);
  }

  PipeFds pipe_;
  Judge exact_{Contender()};
  Judge plain_{Contender()};
};

TEST_F(JudgeTest, AcceptsTheTruth) {
  const Waited waited = WaitThatSaid({Said(b(), 2, "w"), Said(a(), 1, "r+hc")});
  EXPECT_EQ(exact_.OnWait(waited, Truth("r+hc", "w")), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(waited, Truth("r+hc", "w")), absl::OkStatus());
}

TEST_F(JudgeTest, NamesAllThatDifferAndNothingElse) {
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({Said(a(), 1, "rw")}), Truth("r", "w")),
            Verdict("plain a=rw b=-, select(2) a=r b=w"));
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({Said(a(), 1, "r"), Said(b(), 2, "r")}),
                          Truth("r", "w")),
            Verdict("plain b=r, select(2) b=w"));
}

TEST_F(JudgeTest, HoldsToTheInterest) {
  Modify("a", a(), 3, kWritable);
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({Said(a(), 3, "r")}), Truth("r", "-")),
            Verdict("plain a=r, select(2) a=-"));
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("r+hc", "-")),
            absl::OkStatus());
}

TEST_F(JudgeTest, WantsExactHintsOnlyFromWhoClaimsThem) {
  const Waited less = WaitThatSaid({Said(a(), 1, "r")});
  EXPECT_EQ(plain_.OnWait(less, Truth("r+hc", "-")), absl::OkStatus());
  EXPECT_EQ(exact_.OnWait(less, Truth("r+hc", "-")),
            Verdict("exact a=r, select(2) a=r+hc"));
}

TEST_F(JudgeTest, WantsTrueHintsFromAll) {
  const Waited more = WaitThatSaid({Said(a(), 1, "r+hc")});
  EXPECT_EQ(plain_.OnWait(more, Truth("r+c", "-")),
            Verdict("plain a=r+hc, select(2) a=r+c"));
}

TEST_F(JudgeTest, RefusesEventsNobodyIsRegisteredFor) {
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({Said(999, 1, "r")}), Truth("-", "-")),
            Verdict("plain reported fd 999 token 1 r, which is not "
                    "registered"));
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({Said(a(), 2, "r")}), Truth("r", "-")),
            Verdict("plain reported a with token 2, expected 1"));
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({Said(a(), 1, "r"), Said(a(), 1, "r")}),
                          Truth("r", "-")),
            Verdict("plain reported a twice"));
  EXPECT_EQ(
      plain_.OnWait(WaitThatSaid({Said(a(), 1, "-+h")}), Truth("-+h", "-")),
      Verdict("plain reported a=-+h, with nothing ready"));
}

TEST_F(JudgeTest, DisarmsOneShots) {
  Modify("a", a(), 3, kReadable, Trigger::kOneShot);
  const Waited waited = WaitThatSaid({Said(a(), 3, "r")});
  EXPECT_EQ(plain_.OnWait(waited, Truth("r", "-")), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(waited, Truth("r", "-")),
            Verdict("plain a=r, select(2) a=-"));
  Modify("a", a(), 3, kReadable);
  EXPECT_EQ(plain_.OnWait(waited, Truth("r", "-")), absl::OkStatus());
}

TEST_F(JudgeTest, WantsEachWakeupOnce) {
  Waited woken = WaitThatSaid({});
  woken.result->woken = true;
  plain_.OnWakeup();
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("-", "-")),
            Verdict("plain missed a Wakeup"));
  EXPECT_EQ(plain_.OnWait(woken, Truth("-", "-")), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(woken, Truth("-", "-")),
            Verdict("plain was woken without a Wakeup"));
}

TEST_F(JudgeTest, ReportsErrorsOfWait) {
  Waited failed = WaitThatSaid({});
  failed.result = absl::UnknownError("epoll_wait: it broke");
  EXPECT_EQ(plain_.OnWait(failed, Truth("-", "-")),
            Verdict("plain answered Wait with \"UNKNOWN: epoll_wait: it "
                    "broke\""));
}

TEST_F(JudgeTest, WantsTurnsWhenTheSpanIsSmall) {
  const Snapshot both = Truth("r", "w");
  const Waited first = WaitThatSaid({Said(a(), 1, "r")}, 1);
  const Waited second = WaitThatSaid({Said(b(), 2, "w")}, 1);
  EXPECT_EQ(plain_.OnWait(first, both), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(second, both), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(first, both), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(first, both),
            Verdict("plain passed over b in 2 Waits in a row, with 2 ready "
                    "and a span of 1"));
}

// Two in two Waits, and so at least one in each.
TEST_F(JudgeTest, WantsSomethingWhenTheSpanIsSmall) {
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}, 1), Truth("r", "w")),
            Verdict("plain reported 0, with 2 ready and a span of 1"));
}

TEST_F(JudgeTest, WantsWhatIsReportedToBeRightInASmallSpan) {
  EXPECT_EQ(
      plain_.OnWait(WaitThatSaid({Said(a(), 1, "rw")}, 1), Truth("r", "w")),
      Verdict("plain a=rw, select(2) a=r"));
}

TEST_F(JudgeTest, WantsClosedOnceFromWhoChecks) {
  exact_.OnClosed(a());
  EXPECT_EQ(exact_.OnWait(WaitThatSaid({}), Truth("closed", "-")),
            Verdict("exact a=-, select(2) a=closed"));
  EXPECT_EQ(exact_.OnWait(WaitThatSaid({Said(a(), 1, "closed")}),
                          Truth("closed", "-")),
            absl::OkStatus());
  EXPECT_EQ(exact_.registrations().count(a()), 0u);
  EXPECT_EQ(exact_.OnRemove(a(), absl::NotFoundError("no such")),
            absl::OkStatus());
}

TEST_F(JudgeTest, LetsWhoDoesNotCheckSayAnythingButClosed) {
  plain_.OnClosed(a());
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("closed", "-")),
            absl::OkStatus());
  EXPECT_EQ(
      plain_.OnWait(WaitThatSaid({Said(a(), 1, "w")}), Truth("closed", "-")),
      absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({Said(a(), 1, "closed")}),
                          Truth("closed", "-")),
            Verdict("plain reported a=closed without check_closed"));
  EXPECT_EQ(
      plain_.OnWait(WaitThatSaid({Said(a(), 2, "w")}), Truth("closed", "-")),
      Verdict("plain reported a with token 2, expected 1"));
}

TEST_F(JudgeTest, JudgesTheAnswersToCalls) {
  EXPECT_EQ(plain_.OnAdd(Of("a", a(), 4, kReadable), absl::OkStatus()),
            Verdict("plain answered Add with \"OK\", expected "
                    "ALREADY_EXISTS"));
  EXPECT_EQ(plain_.OnRemove(a(), absl::NotFoundError("no such fd")),
            Verdict("plain answered Remove with \"NOT_FOUND: no such fd\", "
                    "expected OK"));
  EXPECT_EQ(plain_.OnModify(Of("c", 999, 4, kReadable), absl::OkStatus()),
            Verdict("plain answered Modify with \"OK\", expected NOT_FOUND"));
  EXPECT_EQ(plain_.OnAdd(Of("c", 999, 4, kReadable),
                         absl::FailedPreconditionError("not open")),
            absl::OkStatus());
}

TEST_F(JudgeTest, KnowsWhetherASleeperMustReturn) {
  Modify("a", a(), 3, kWritable);
  EXPECT_FALSE(plain_.WouldReport(Truth("r+hc", "-")));
  EXPECT_TRUE(plain_.WouldReport(Truth("r+hc", "w")));
  EXPECT_EQ(plain_.OnOversleeping(Truth("rw+hc", "-")),
            Verdict("plain sleeps on, select(2) a=w+hc"));
  plain_.OnWakeup();
  EXPECT_TRUE(plain_.WouldReport(Truth("-", "-")));
}

TEST_F(JudgeTest, TakesNoteOfWaitsItCannotJudge) {
  Modify("a", a(), 3, kReadable, Trigger::kOneShot);
  EXPECT_EQ(plain_.OnUnsettledWait(WaitThatSaid({Said(a(), 3, "r")})),
            absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("r", "-")), absl::OkStatus());
  EXPECT_EQ(plain_.OnUnsettledWait(WaitThatSaid({Said(a(), 9, "r")})),
            Verdict("plain reported a with token 9, expected 3"));
}

}  // namespace
}  // namespace isopoll::tests
