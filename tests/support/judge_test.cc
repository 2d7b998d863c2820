// The judge, before pollers that say what the test tells them to.

#include "tests/support/judge.h"

#include <unistd.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/support/answer.h"
#include "tests/support/contender.h"
#include "tests/support/file_id.h"
#include "tests/support/ledger.h"
#include "tests/support/numbers.h"

namespace isopoll::tests {
namespace {

// Two descriptors, `a` under token 1 and `b` under token 2, that are watched
// for all there is.
class JudgeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<SocketPairFds> pair = TcpPair();
    ASSERT_TRUE(pair.ok()) << pair.status();
    pair_ = *std::move(pair);
    Contender exact;
    exact.name = "exact";
    exact.exact_hints = true;
    exact.check_closed = true;
    exact_ = Judge(exact);
    Contender plain;
    plain.name = "plain";
    plain_ = Judge(plain);
    Contender holder;
    holder.name = "holder";
    holder.holds_files = true;
    holder_ = Judge(holder);
    Watch("a", a(), 1, kAll);
    Watch("b", b(), 2, kAll);
  }

  static constexpr Interest kAll = kReadable | kWritable | kPriority;

  int a() const { return pair_.first.get(); }
  int b() const { return pair_.second.get(); }

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
    for (Judge* judge : {&exact_, &plain_, &holder_}) {
      ASSERT_EQ(judge->OnAdd(Of(name, fd, token, interest), absl::OkStatus()),
                absl::OkStatus());
    }
  }
  void Modify(const char* name, int fd, Token token, Interest interest,
              Trigger trigger = Trigger::kLevel) {
    for (Judge* judge : {&exact_, &plain_, &holder_}) {
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
    if (answer.closed) event.MarkClosed();
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

  SocketPairFds pair_;
  Judge exact_{Contender()};
  Judge plain_{Contender()};
  Judge holder_{Contender()};
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

// A sleeper that had its events already leaves a Wakeup to the next Wait.
TEST_F(JudgeTest, LeavesAWakeupThatCameLate) {
  Waited waited = WaitThatSaid({Said(a(), 1, "r")});
  waited.slept = true;
  plain_.OnWakeup();
  EXPECT_EQ(plain_.OnWait(waited, Truth("r", "-")), absl::OkStatus());
  waited.slept = false;
  EXPECT_EQ(plain_.OnWait(waited, Truth("r", "-")),
            Verdict("plain missed a Wakeup"));
  waited.result->woken = true;
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
  exact_.OnLost(a());
  EXPECT_EQ(exact_.OnWait(WaitThatSaid({}), Truth("closed", "-")),
            Verdict("exact a=-, select(2) a=closed"));
  EXPECT_EQ(exact_.OnWait(WaitThatSaid({Said(a(), 1, "closed")}),
                          Truth("closed", "-")),
            absl::OkStatus());
  EXPECT_EQ(exact_.registrations().count(a()), 0u);
  EXPECT_EQ(exact_.OnRemove(a(), absl::NotFoundError("no such")),
            absl::OkStatus());
}

// R12: without check_closed a closed number is silent. Only who goes by files
// may report it for a while, under its token, and not as closed.
TEST_F(JudgeTest, WantsSilenceOfClosedNumbers) {
  Modify("b", b(), 2, kNone);
  const Waited said = WaitThatSaid({Said(a(), 1, "w")});
  const Snapshot closed = Truth("closed", "-");
  for (Judge* judge : {&plain_, &holder_}) {
    judge->OnLost(a());
    EXPECT_EQ(judge->OnWait(WaitThatSaid({}), closed), absl::OkStatus());
  }
  EXPECT_EQ(plain_.OnWait(said, closed), Verdict("plain a=w, select(2) a=-"));
  EXPECT_EQ(holder_.OnWait(WaitThatSaid({Said(a(), 1, "closed")}), closed),
            Verdict("holder reported a=closed without check_closed"));
  EXPECT_EQ(holder_.OnWait(WaitThatSaid({Said(a(), 2, "w")}), closed),
            Verdict("holder reported a with token 2, expected 1"));
}

// 256 Waits that report it, from when it was last seen open.
TEST_F(JudgeTest, BoundsHowLongAClosedNumberIsReported) {
  const Waited other = WaitThatSaid({Said(b(), 2, "w")});
  const Waited both = WaitThatSaid({Said(a(), 1, "w"), Said(b(), 2, "w")});
  const Snapshot closed = Truth("closed", "w");
  holder_.OnLost(a());
  for (int turn = 0; turn < 2; ++turn) {
    for (int i = 0; i < 256; ++i) {
      ASSERT_EQ(holder_.OnWait(both, closed), absl::OkStatus()) << i;
      // Waits that do not report it do not count.
      ASSERT_EQ(holder_.OnWait(other, closed), absl::OkStatus());
    }
    ASSERT_EQ(holder_.OnWait(both, closed),
              Verdict("holder a=w, select(2) a=-"));
    ASSERT_EQ(holder_.OnWait(both, Truth("-", "w")), absl::OkStatus());
  }
}

// R12: whose file a number stands for that was taken again, nobody can know
// before Modify says that it is this one.
TEST_F(JudgeTest, LetsReplacedNumbersSayAnythingUntilModify) {
  for (Judge* judge : {&plain_, &holder_}) {
    judge->OnLost(a());
    for (const char* text : {"-", "r", "w", "rwp"}) {
      const Waited waited = *ParseAnswer(text) == Answer()
                                ? WaitThatSaid({})
                                : WaitThatSaid({Said(a(), 1, text)});
      EXPECT_EQ(judge->OnWait(waited, Truth("r", "-")), absl::OkStatus());
    }
  }
  Modify("a", a(), 3, kAll);
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("r", "-")),
            Verdict("plain a=-, select(2) a=r"));
  EXPECT_EQ(holder_.OnWait(WaitThatSaid({Said(a(), 3, "rw")}), Truth("r", "-")),
            Verdict("holder a=rw, select(2) a=r"));
}

// What is undone before the next Wait tells the kernel nothing, and is no word
// on the number; what parks it in between is.
TEST_F(JudgeTest, KnowsWhichModifyNamesTheFile) {
  const Snapshot ready = Truth("r", "-");
  const Waited silent = WaitThatSaid({});
  plain_.OnLost(a());
  Modify("a", a(), 3, kReadable);
  Modify("a", a(), 4, kAll);
  EXPECT_EQ(plain_.OnWait(silent, ready), absl::OkStatus());
  Modify("a", a(), 5, kNone);
  Modify("a", a(), 6, kAll);
  EXPECT_EQ(plain_.OnWait(silent, ready), Verdict("plain a=-, select(2) a=r"));
  plain_.OnLost(a());
  Modify("a", a(), 7, kReadable);
  EXPECT_EQ(plain_.OnWait(silent, ready), Verdict("plain a=-, select(2) a=r"));
  plain_.OnLost(a());
  Modify("a", a(), 8, kReadable);
  EXPECT_EQ(plain_.OnWait(silent, ready), Verdict("plain a=-, select(2) a=r"));
}

// A one-shot that has fired is parked, whatever the kernel was told of.
TEST_F(JudgeTest, TakesRearmingForNaming) {
  const Waited waited = WaitThatSaid({Said(a(), 3, "r")});
  Modify("a", a(), 3, kReadable, Trigger::kOneShot);
  EXPECT_EQ(plain_.OnWait(waited, Truth("r", "-")), absl::OkStatus());
  plain_.OnLost(a());
  Modify("a", a(), 4, kReadable, Trigger::kOneShot);
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("r", "-")),
            Verdict("plain a=-, select(2) a=r"));
}

// What a Wait that sleeps has heard, it may have heard of the old file.
TEST_F(JudgeTest, LetsSleepersTellOfTheOldFile) {
  plain_.OnLost(a());
  Modify("a", a(), 3, kAll);
  EXPECT_TRUE(plain_.WouldReport(Truth("r", "-")));
  Waited slept = WaitThatSaid({Said(a(), 3, "w")});
  slept.slept = true;
  EXPECT_EQ(plain_.OnWait(slept, Truth("r", "-")), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(slept, Truth("r", "-")),
            Verdict("plain a=w, select(2) a=r"));
}

// A change that was made before the number changed hands named the old file.
TEST_F(JudgeTest, TakesNoEarlierModifyForANewFile) {
  Modify("a", a(), 3, kReadable);
  plain_.OnLost(a());
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("r", "-")), absl::OkStatus());
}

TEST_F(JudgeTest,
       WantsReplacedNumbersClosedFromWhoChecksIfFstatTellsThemApart) {
  if (!FileOf(a()).known) GTEST_SKIP() << "this system has no fstat(2)";
  const Snapshot ready = Truth("r", "-");
  // Another number of the same file.
  const UniqueFd copy(Duplicate(a()));
  ASSERT_EQ(::dup2(copy.get(), a()), a());
  exact_.OnLost(a());
  EXPECT_EQ(exact_.OnWait(WaitThatSaid({}), ready), absl::OkStatus());
  ASSERT_EQ(::dup2(b(), a()), a());
  exact_.OnLost(a());
  EXPECT_EQ(exact_.OnWait(WaitThatSaid({}), ready),
            Verdict("exact a=-, select(2) a=closed"));
  Modify("a", a(), 3, kAll);
  EXPECT_EQ(exact_.OnWait(WaitThatSaid({Said(a(), 3, "r")}), ready),
            absl::OkStatus());
}

// R1: what was not announced may be missed, and nothing more.
TEST_F(JudgeTest, LetsTheUnannouncedBeMissedUntilModify) {
  const Waited write = WaitThatSaid({Said(a(), 1, "w")});
  plain_.OnUnannounced(a(), kReadable);
  EXPECT_FALSE(plain_.WouldReport(Truth("r", "-")));
  EXPECT_TRUE(plain_.WouldReport(Truth("rw", "-")));
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("r", "-")), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(write, Truth("rw", "-")), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("rw", "-")),
            Verdict("plain a=-, select(2) a=rw"));
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({Said(a(), 1, "wp")}), Truth("rw", "-")),
            Verdict("plain a=wp, select(2) a=rw"));
  Modify("a", a(), 1, kReadable | kWritable);
  EXPECT_EQ(plain_.OnWait(write, Truth("rw", "-")),
            Verdict("plain a=w, select(2) a=rw"));
}

// A terminal that is full when Modify looks, and has room right after.
TEST_F(JudgeTest, LetsTheUnannouncedBeMissedThatComesDuringTheCall) {
  Registration full = Of("a", a(), 3, kAll);
  full.unannounced = kWritable;
  EXPECT_EQ(plain_.OnModify(full, absl::OkStatus()), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("w", "-")), absl::OkStatus());
  EXPECT_EQ(plain_.OnRemove(a(), absl::OkStatus()), absl::OkStatus());
  EXPECT_EQ(plain_.OnAdd(full, absl::OkStatus()), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("w", "-")), absl::OkStatus());
  Modify("a", a(), 3, kAll);
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({}), Truth("w", "-")),
            Verdict("plain a=-, select(2) a=w"));
}

TEST_F(JudgeTest, HoldsToWhatWasReportedOrComesAnew) {
  const Waited silent = WaitThatSaid({});
  const Snapshot ready = Truth("r", "-");
  plain_.OnUnannounced(a(), kReadable);
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({Said(a(), 1, "r")}), ready),
            absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(silent, ready), Verdict("plain a=-, select(2) a=r"));
  plain_.OnUnannounced(a(), kReadable);
  EXPECT_EQ(plain_.OnWait(silent, Truth("-", "-")), absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(silent, ready), Verdict("plain a=-, select(2) a=r"));
}

TEST_F(JudgeTest, TakesSetForWhicheverItIs) {
  EXPECT_EQ(plain_.OnSet(Of("c", 999, 4, kNone), absl::OkStatus()),
            absl::OkStatus());
  EXPECT_EQ(
      plain_.OnSet(Of("c", 999, 4, kNone), absl::NotFoundError("none")),
      Verdict("plain answered Set with \"NOT_FOUND: none\", expected OK"));
  EXPECT_EQ(plain_.OnSet(Of("c", 999, 4, kReadable), absl::OkStatus()),
            Verdict("plain answered Set with \"OK\", expected "
                    "FAILED_PRECONDITION"));
  EXPECT_EQ(plain_.OnSet(Of("a", a(), 4, kReadable), absl::OkStatus()),
            absl::OkStatus());
  EXPECT_EQ(plain_.OnWait(WaitThatSaid({Said(a(), 4, "r")}), Truth("rw", "-")),
            absl::OkStatus());
  EXPECT_EQ(plain_.OnSet(Of("a", a(), 5, kNone), absl::OkStatus()),
            absl::OkStatus());
  EXPECT_EQ(plain_.registrations().count(a()), 0u);
  EXPECT_EQ(plain_.OnSet(Of("a", a(), 6, kWritable), absl::OkStatus()),
            absl::OkStatus());
  EXPECT_EQ(plain_.registrations().at(a()).token, 6u);
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
