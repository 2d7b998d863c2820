// Events of a console. Wine sends CTRL_C alone, and raises no other.

#include <windows.h>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "echo/signals.h"
#include "gtest/gtest.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"
#include "tests/echo/support/running_server.h"
#include "tests/net/testing.h"
#include "tests/support/poller_kind.h"

namespace isopoll::echo {
namespace {

// With a console of its own, so that what it raises reaches nobody else.
class SignalsTest : public EachKind {
 protected:
  static void SetUpTestSuite() {
    ::FreeConsole();
    ASSERT_NE(::AllocConsole(), 0) << ::GetLastError();
  }
};
INSTANTIATE_TEST_SUITE_P(, SignalsTest, AllKinds(), NameOfKind);

void PressCtrlC() {
  ASSERT_NE(::GenerateConsoleCtrlEvent(CTRL_C_EVENT, /*dwProcessGroupId=*/0), 0)
      << ::GetLastError();
}

TEST_P(SignalsTest, CtrlCStopsTheServer) {
  RunningServer running(GetParam());
  StopOnSignal stop_on_signal(running.server());
  running.Start();
  Peer peer(running.address());
  peer.Send("x");
  EXPECT_EQ(peer.Receive(1), "x");
  PressCtrlC();
  EXPECT_TRUE(running.Join().ok());
  EXPECT_EQ(peer.ReceiveAll(), "");
}

TEST_P(SignalsTest, CtrlCBeforeRunIsNotForgotten) {
  RunningServer running(GetParam());
  StopOnSignal stop_on_signal(running.server());
  PressCtrlC();
  running.Start();
  EXPECT_TRUE(running.Join().ok());
}

// Says how often it was stopped.
class Program : public Stoppable {
 public:
  void Stop() override { stops_[count_++].Notify(); }
  bool Await(int stop) {
    return stops_[stop].WaitForNotificationWithTimeout(absl::Seconds(30));
  }

 private:
  int count_ = 0;
  absl::Notification stops_[2];
};

TEST_P(SignalsTest, TheNextOneEndsTheProcess) {
  EXPECT_EXIT(
      {
        ::FreeConsole();
        ::AllocConsole();
        Program program;
        StopOnSignal stop_on_signal(program, /*times=*/2);
        for (int i = 0; i < 2; ++i) {
          PressCtrlC();
          if (!program.Await(i)) ::ExitProcess(7);
        }
        PressCtrlC();
        ::Sleep(30000);
        ::ExitProcess(8);
      },
      testing::ExitedWithCode(OnWine() ? 0 : STATUS_CONTROL_C_EXIT), "");
}

absl::Notification* g_seen = nullptr;

BOOL WINAPI OnEvent(DWORD event) {
  if (event == CTRL_C_EVENT) g_seen->Notify();
  return TRUE;
}

TEST_P(SignalsTest, PutsBackWhatWasThereBefore) {
  absl::Notification seen;
  g_seen = &seen;
  ASSERT_NE(::SetConsoleCtrlHandler(&OnEvent, TRUE), 0);
  Program program;
  { StopOnSignal stop_on_signal(program); }
  PressCtrlC();
  EXPECT_TRUE(seen.WaitForNotificationWithTimeout(absl::Seconds(30)));
  ASSERT_NE(::SetConsoleCtrlHandler(&OnEvent, FALSE), 0);
}

}  // namespace
}  // namespace isopoll::echo
