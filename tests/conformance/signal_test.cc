// R8: signals are invisible, and Wait keeps its deadline.

#include <signal.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/background_wait.h"
#include "tests/conformance/child_process.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/conformance/signals.h"
#include "tests/support/poller_kind.h"
#include "tests/support/process_state.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::atomic<int> handled;
static_assert(std::atomic<int>::is_always_lock_free);
void Count(int) { ++handled; }

class SignalTest : public PollerTest {
 protected:
  SignalTest() { handled = 0; }

  // Sends signals to a sleeping Wait, each once it sleeps again, until it ends.
  // If they counted, or began the time again, it would end early, or never.
  void ExpectDeadlineKept(int flags) {
    ScopedSignalHandler handler(SIGUSR1, Count, flags);
    const absl::Duration timeout = absl::Milliseconds(400);
    BackgroundWait wait(poller(), timeout);
    Eventually([&] {
      if (!wait.ended()) SendSignal(wait.thread(), SIGUSR1);
      return wait.ended();
    });
    EXPECT_THAT(wait.Finish().events, IsEmpty());
    EXPECT_FALSE(wait.Finish().woken);
    EXPECT_GE(wait.Finish().took, timeout);
    EXPECT_LT(wait.Finish().took, kBound / 2);
    EXPECT_GE(handled, 5);
  }
};

TEST_P(SignalTest, DeadlineIsKept) { ExpectDeadlineKept(/*flags=*/0); }

TEST_P(SignalTest, DeadlineIsKeptWithRestart) {
  ExpectDeadlineKept(SA_RESTART);
}

TEST_P(SignalTest, DeadlineIsKeptBesideMutedDescriptors) {
  UniqueFd pipe = NewHungUpPipe();
  ASSERT_THAT(poller().Add(pipe.get(), kNeverOfReadEnd, 1), IsOk());
  ExpectDeadlineKept(/*flags=*/0);
}

TEST_P(SignalTest, EventsAreReportedAfterSignals) {
  for (int flags : {0, SA_RESTART}) {
    Ends pipe = NewPipe();
    ScopedSignalHandler handler(SIGUSR1, Count, flags);
    ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
    BackgroundWait wait(poller());
    for (int i = 0; i < 10; ++i) {
      SendSignal(wait.thread(), SIGUSR1);
      wait.AwaitSleep();
    }
    EXPECT_FALSE(wait.ended());
    Write(pipe.peer.get());
    EXPECT_THAT(wait.Finish().events,
                ElementsAre(EventIs(pipe.get(), 1, kReadable)));
    ASSERT_THAT(poller().Remove(pipe.get()), IsOk());
  }
}

TEST_P(SignalTest, ReadyIsReportedUnderAStormOfSignals) {
  ScopedSignalHandler handler(SIGALRM, Count);
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  ScopedAlarms alarms(absl::Microseconds(500));
  EXPECT_TRUE(Eventually([&] {
    for (int i = 0; i < 50; ++i) {
      EXPECT_THAT(Look(), ElementsAre(EventIs(pipe.get(), 1, kReadable)));
    }
    return HasFailure() || handled >= 50;
  }));
}

// A blocked signal stays pending, and Wait leaves the signal mask alone.
TEST_P(SignalTest, BlockedSignalsStayBlocked) {
  ScopedSignalHandler handler(SIGUSR1, Count);
  sigset_t usr1;
  sigset_t before;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &usr1, &before), 0);
  ::raise(SIGUSR1);
  ExpectQuiet(poller(), absl::Milliseconds(20));
  EXPECT_EQ(handled, 0);
  ASSERT_EQ(::pthread_sigmask(SIG_SETMASK, &before, nullptr), 0);
  EXPECT_EQ(handled, 1);
}

// Stopping and continuing interrupts epoll_wait(2) without any handler. select
// and its kin are restarted by Linux with what was left of their time when they
// were stopped (fs/select.c, poll_select_finish): the deadline must hold still.
// If the time stopped did not count, the Wait would take as much longer; what
// may be slept at once, half of the timeout, is the most that it may be late.
// All backends at once, since it takes long.
TEST(StopTest, DeadlineIsKept) {
  const absl::Duration timeout = absl::Seconds(8);
  const absl::Duration stop = absl::Seconds(4);
  std::vector<std::unique_ptr<ChildProcess>> children;
  const std::vector<tests::PollerKind> kinds = tests::AllKinds();
  for (const tests::PollerKind& kind : kinds) {
    children.push_back(std::make_unique<ChildProcess>([&] {
      const Waited waited = WaitOn(*NewPoller(kind), timeout);
      return absl::StrCat(
          kind.name, ":",
          waited.events.empty() && !waited.woken ? "" : " reports",
          waited.took >= timeout ? "" : " early",
          waited.took < timeout + stop ? "" : " late");
    }));
  }
  for (const auto& child : children) {
    ASSERT_TRUE(
        Eventually([&] { return tests::IsAsleep(child->id(), child->id()); }));
    ASSERT_EQ(::kill(child->id(), SIGSTOP), 0);
    ASSERT_TRUE(Eventually([&] { return tests::IsStopped(child->id()); }));
  }
  const std::unique_ptr<Poller> clock = NewPoller(DefaultBackend());
  WaitOn(*clock, stop);
  for (const auto& child : children) ::kill(child->id(), SIGCONT);
  for (size_t i = 0; i < children.size(); ++i) {
    EXPECT_EQ(children[i]->Finish(), absl::StrCat(kinds[i].name, ":"));
  }
}

ISOPOLL_ON_EVERY_KIND(SignalTest);

}  // namespace
}  // namespace isopoll
