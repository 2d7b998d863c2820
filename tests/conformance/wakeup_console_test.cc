// R9: Wakeup may be called from a handler of Ctrl-C and its kin. Windows, which
// runs them in a thread of their own.

#include <windows.h>

#include <atomic>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/poller.h"
#include "tests/conformance/background_wait.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

// What the handler wakes.
std::atomic<Poller*> to_wake;
std::atomic<int> handled;

BOOL WINAPI Wake(DWORD /*event*/) {
  to_wake.load()->Wakeup();
  ++handled;
  return TRUE;  // and the process goes on
}

class WakeupConsoleTest : public PollerTest {
 protected:
  WakeupConsoleTest() {
    to_wake = &poller();
    handled = 0;
    EXPECT_NE(::SetConsoleCtrlHandler(&Wake, TRUE), 0);
  }
  ~WakeupConsoleTest() override { ::SetConsoleCtrlHandler(&Wake, FALSE); }

  // Does as the console does when Ctrl-Break is pressed, and waits until the
  // handler has run. (GenerateConsoleCtrlEvent needs a console, and reaches all
  // that is attached to it.)
  static void PressCtrlBreak() {
    const HMODULE library = ::GetModuleHandleA("kernelbase.dll");
    const auto routine = reinterpret_cast<LPTHREAD_START_ROUTINE>(
        reinterpret_cast<void*>(::GetProcAddress(library, "CtrlRoutine")));
    ASSERT_NE(routine, nullptr);
    const HANDLE thread =
        ::CreateThread(nullptr, 0, routine,
                       reinterpret_cast<void*>(CTRL_BREAK_EVENT), 0, nullptr);
    ASSERT_NE(thread, nullptr);
    EXPECT_EQ(::WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
    ::CloseHandle(thread);
    EXPECT_EQ(handled, 1);
  }
};

TEST_P(WakeupConsoleTest, BeforeWait) {
  ASSERT_NO_FATAL_FAILURE(PressCtrlBreak());
  EXPECT_TRUE(WaitOn(poller(), absl::InfiniteDuration()).woken);
  EXPECT_FALSE(WaitOn(poller(), absl::ZeroDuration()).woken);
}

TEST_P(WakeupConsoleTest, DuringWait) {
  BackgroundWait wait(poller());
  ASSERT_NO_FATAL_FAILURE(PressCtrlBreak());
  EXPECT_TRUE(wait.Finish().woken);
}

ISOPOLL_ON_EVERY_KIND(WakeupConsoleTest);

}  // namespace
}  // namespace isopoll
