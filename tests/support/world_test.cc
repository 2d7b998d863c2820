// The world and the runner: that steps do what they say, that what they cause
// has come to pass when they return, and that they fail by name.

#include "tests/support/world.h"

#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "net/internal/sys.h"
#include "tests/support/catalogue.h"
#include "tests/support/catalogue_differences.h"
#include "tests/support/contender.h"
#include "tests/support/numbers.h"
#include "tests/support/reference.h"
#include "tests/support/runner.h"
#include "tests/support/scenario.h"

namespace isopoll::tests {
namespace {

// Takes every registration and reports none.
class DeafPoller : public Poller {
 public:
  absl::Status Add(int, Interest, Token, Trigger) override {
    return absl::OkStatus();
  }
  absl::Status Modify(int, Interest, Token, Trigger) override {
    return absl::OkStatus();
  }
  absl::Status Remove(int) override { return absl::OkStatus(); }
  absl::Status Set(int, Interest, Token, Trigger) override {
    return absl::OkStatus();
  }
  absl::StatusOr<WaitResult> Wait(absl::Span<Event>, absl::Duration) override {
    return WaitResult{0, false};
  }
  void Wakeup() override {}
  Backend backend() const override { return DefaultBackend(); }
  size_t size() const override { return 0; }
};

class WorldTest : public ::testing::Test {
 protected:
  void SetUp() override {
    RunOptions options;
    options.patience = absl::Milliseconds(50);
    auto runner = Runner::Create({}, options);
    ASSERT_TRUE(runner.ok()) << runner.status();
    runner_ = *std::move(runner);
  }

  void UseDeafPoller() {
    Contender deaf;
    deaf.name = "deaf";
    deaf.create = [] { return std::make_unique<DeafPoller>(); };
    auto runner = Runner::Create({deaf});
    ASSERT_TRUE(runner.ok()) << runner.status();
    runner_ = *std::move(runner);
  }

  // Goes on where the last call ended.
  absl::Status Do(absl::string_view steps) {
    const std::string before = StepsToString(runner_->done());
    const absl::StatusOr<Scenario> scenario = Scenario::Parse(
        absl::StrCat(before, before.empty() ? "" : "; ", steps));
    if (!scenario.ok()) return scenario.status();
    for (size_t i = runner_->done().size(); i < scenario->steps().size(); ++i) {
      const absl::Status done = runner_->Do(scenario->steps()[i]);
      if (!done.ok()) return done;
    }
    return absl::OkStatus();
  }
  int Fd(absl::string_view name) const {
    return runner_->world().Number(name).value_or(-1);
  }
  int BytesToRead(absl::string_view name) const {
    int bytes = -1;
    sys::BytesToRead(Fd(name), &bytes);
    return bytes;
  }
  std::string Says(absl::string_view name) const {
    const absl::StatusOr<Snapshot> truth = Look({Fd(name)});
    return truth.ok() ? truth->at(Fd(name)).ToString()
                      : truth.status().ToString();
  }

  std::unique_ptr<Runner> runner_;
};

TEST_F(WorldTest, DescriptorsHaveNamesAndOutliveNothing) {
  ASSERT_EQ(Do("tcp r w; udp_socket e"), absl::OkStatus());
  const int r = Fd("r");
  EXPECT_TRUE(IsOpen(r));
  EXPECT_EQ(runner_->world().OpenNames(),
            (std::vector<std::string>{"e", "r", "w"}));
  ASSERT_EQ(Do("close r"), absl::OkStatus());
  EXPECT_FALSE(IsOpen(r));
  EXPECT_EQ(Fd("r"), r);
  EXPECT_FALSE(runner_->world().IsOpen("r"));
  const int w = Fd("w");
  runner_.reset();
  EXPECT_FALSE(IsOpen(w));
}

TEST_F(WorldTest, EverySocketIsCloseOnExec) {
  ASSERT_EQ(Do("tcp a b; tcp_socket c; tcp_listener d; udp e f; udp_socket g; "
               "dup a h; connect c d; accept d i"),
            absl::OkStatus());
  for (const std::string& name : runner_->world().OpenNames()) {
    EXPECT_TRUE(IsCloseOnExec(Fd(name))) << name;
  }
}

TEST_F(WorldTest, EverythingElseIsCloseOnExec) {
  const char* steps =
      "unix h i; unix_socket j; unix_listener k; pipe l m; fifo n; eventfd o; "
      "timerfd p; signalfd q; pidfd r; pty s t; epoll u; inotify v; mqueue w; "
      "file x; memfd y; open / z r; dup l aa; reopen n ab rw";
  if (!WhyNotHere(steps).empty()) GTEST_SKIP() << WhyNotHere(steps);
  ASSERT_EQ(Do(steps), absl::OkStatus());
  for (const std::string& name : runner_->world().OpenNames()) {
    EXPECT_TRUE(IsCloseOnExec(Fd(name))) << name;
  }
}

// Not a matter of luck: the loopback network is at rest after each step.
TEST_F(WorldTest, WhatIsSentHasArrived) {
  for (int i = 0; i < 200; ++i) {
    SetUp();
    ASSERT_EQ(Do("tcp a b; send b 3"), absl::OkStatus());
    ASSERT_EQ(BytesToRead("a"), 3);
    ASSERT_EQ(Do("send b 50000"), absl::OkStatus());
    ASSERT_EQ(BytesToRead("a"), 50003);
    ASSERT_EQ(Do("drain a; shutdown b w"), absl::OkStatus());
    ASSERT_EQ(Says("a"), "rw+c");
    ASSERT_EQ(Do("reset b"), absl::OkStatus());
    ASSERT_EQ(Says("a"), "rw+hce");
  }
}

TEST_F(WorldTest, ConnectionsAndErrorsHaveArrived) {
  constexpr State unreachable = {"U03PortUnreachable",
                                 "udp a b; close b; send a 1", "a=rw+e"};
  for (int i = 0; i < 100; ++i) {
    SetUp();
    ASSERT_EQ(Do("tcp_listener l; tcp_socket c; connect c l"),
              absl::OkStatus());
    ASSERT_EQ(Says("l"), "r");
    ASSERT_EQ(Says("c"), "w");
    ASSERT_EQ(Do(unreachable.scenario), absl::OkStatus());
    ASSERT_EQ(absl::StrCat("a=", Says("a")), AnswersHere(unreachable));
  }
}

TEST_F(WorldTest, FillLeavesNoRoomAndDrainNoBytes) {
  for (const char* pair :
       {"tcp a b", "unix a b", "unix a b dgram", "pipe b a"}) {
    if (!WhyNotHere(pair).empty()) {
      std::cout << WhyNotHere(pair) << '\n';
      continue;
    }
    SetUp();
    ASSERT_EQ(Do(pair), absl::OkStatus());
    ASSERT_EQ(Do("fill a"), absl::OkStatus()) << pair;
    EXPECT_TRUE(absl::IsInvalidArgument(Do("nonsense")));
    EXPECT_FALSE(Do("await a w").ok()) << pair;
    // Linux acknowledges the last bytes up to 40 ms late (TCP_DELACK_MIN), and
    // that makes room for some more, though not enough to be writable.
    if (!absl::StartsWith(pair, "tcp")) {
      EXPECT_FALSE(Do("send a 1").ok()) << pair;
    }
    SetUp();
    ASSERT_EQ(Do(pair), absl::OkStatus());
    ASSERT_EQ(Do("fill a; drain b"), absl::OkStatus()) << pair;
    EXPECT_EQ(BytesToRead("b"), 0) << pair;
    EXPECT_FALSE(Do("recv b 1").ok()) << pair;
  }
}

TEST_F(WorldTest, WhatNeverFillsIsGivenUp) {
  const std::string why = WhyNotHere("open /dev/null n rw");
  if (!why.empty()) GTEST_SKIP() << why;
  EXPECT_EQ(Do("open /dev/null n rw; fill n"),
            absl::OutOfRangeError("could not do step 2 of \"open /dev/null n "
                                  "rw; fill n\": it never fills"));
}

TEST_F(WorldTest, StepsFailByNumberAndReason) {
  EXPECT_EQ(Do("tcp r w; close w; recv r 3").message(),
            "could not do step 3 of \"tcp r w; close w; recv r 3\": read "
            "gave 0 bytes of 3");
  SetUp();
  EXPECT_EQ(Do("tcp r w; close w; send w 1").message(),
            "could not do step 3 of \"tcp r w; close w; send w 1\": \"w\" is "
            "not open");
  SetUp();
  EXPECT_EQ(
      Do("udp_socket e; await e r").message(),
      "could not do step 2 of \"udp_socket e; await e r\": select(2) says "
      "w after 50ms");
}

TEST_F(WorldTest, TryLetsAStepFail) {
  EXPECT_EQ(Do("tcp r w; close r; try send w 1; try recv w 1; try send r 1; "
               "try accept w n"),
            absl::OkStatus());
  EXPECT_EQ(Do("watch n r").message(),
            "could not do step 7 of \"tcp r w; close r; try send w 1; try "
            "recv w 1; try send r 1; try accept w n; watch n r\": \"n\" could "
            "not be made, so it has no number");
}

// What could not be done changes nothing for the judge.
TEST_F(WorldTest, AReplacementThatFailedIsNone) {
  const std::string why = WhyNotHere("unix_listener l; replace a r; eventfd e");
  if (!why.empty()) GTEST_SKIP() << why;
  UseDeafPoller();
  EXPECT_EQ(Do("unix_listener l; try accept l a; pipe r w; try replace a r"),
            absl::OkStatus());
  UseDeafPoller();
  EXPECT_EQ(Do("eventfd e; watch e w; try replace e e; wait").message(),
            "after step 4 of \"eventfd e; watch e w; try replace e e; wait\": "
            "deaf e=-, select(2) e=w");
}

TEST_F(WorldTest, PollersMustBeRousedBeforeTheyWaitAgain) {
  auto runner = Runner::Create({PlainContender(DefaultBackend())});
  ASSERT_TRUE(runner.ok()) << runner.status();
  runner_ = *std::move(runner);
  EXPECT_EQ(Do("sleep; wait").message(),
            "could not do step 2 of \"sleep; wait\": pollers sleep; rouse "
            "them first");
}

TEST(RunScenarioTest, TracesWhatEachPollerSaid) {
  const absl::StatusOr<Scenario> scenario =
      Scenario::Parse("tcp r w; watch r r; close w; wakeup; wait");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  std::ostringstream trace;
  RunOptions options;
  options.trace = &trace;
  Contender exact = ExactContender(DefaultBackend());
  exact.name = "one";
  ASSERT_EQ(RunScenario(*scenario, {exact}, options), absl::OkStatus());
  EXPECT_EQ(trace.str(),
            "tcp r w\n"
            "watch r r\n"
            "close w\n"
            "wakeup\n"
            "wait\n"
            "    one: r=r+c woken\n"
            "    select(2): r=rw+c\n");
}

}  // namespace
}  // namespace isopoll::tests
