#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "net/internal/sys.h"
#include "tests/support/process_state.h"
#include "tests/support/thread_handle.h"

namespace isopoll::tests {
namespace {

// The calls of ntdll.dll in which a thread waits: those that all others end in.
constexpr const char* kWaits[] = {
    "NtDelayExecution",         "NtRemoveIoCompletion",
    "NtRemoveIoCompletionEx",   "NtWaitForAlertByThreadId",
    "NtWaitForMultipleObjects", "NtWaitForSingleObject",
};

// Each is a system call and a few instructions around it.
constexpr uintptr_t kLongestWait = 32;

bool IsInWait(uintptr_t address) {
  const HMODULE ntdll = ::GetModuleHandleA("ntdll.dll");
  for (const char* name : kWaits) {
    const auto begin =
        reinterpret_cast<uintptr_t>(::GetProcAddress(ntdll, name));
    if (begin != 0 && address - begin < kLongestWait) return true;
  }
  return false;
}

// Where the stack of `thread` ends while it waits; 0 if it does not.
uintptr_t StackInWait(HANDLE thread) {
  CONTEXT registers = {};
  registers.ContextFlags = CONTEXT_CONTROL;
  if (::SuspendThread(thread) == static_cast<DWORD>(-1)) return 0;
  const bool known = ::GetThreadContext(thread, &registers) != 0;
  ::ResumeThread(thread);
  return known && IsInWait(registers.Rip) ? registers.Rsp : 0;
}

// No handle of a socket is higher in a test that opens some thousands.
constexpr int kHighestHandle = 0x4000;

}  // namespace

extern const int kPathOnlyFlag = 0;

ThreadUsage CurrentThreadUsage() { return UsageOf(::GetCurrentThread()); }

pid_t CurrentThread() { return static_cast<pid_t>(::GetCurrentThreadId()); }

// Windows has no call that tells this of a thread, and what its lists of
// threads tell, Wine leaves out. So the thread is stopped to see where it is,
// and again a moment later: in a call that only looks, it would have gone on.
bool IsAsleep(pid_t /*process*/, pid_t thread) {
  const ThreadHandle handle(thread, THREAD_SUSPEND_RESUME | THREAD_GET_CONTEXT);
  const uintptr_t stack = StackInWait(handle.get());
  if (stack == 0) return false;
  absl::SleepFor(absl::Milliseconds(1));
  return StackInWait(handle.get()) == stack;
}

bool IsStopped(pid_t /*process*/) { return false; }

std::set<int> OpenDescriptors() {
  std::set<int> open;
  for (int fd = 0; fd < kHighestHandle; fd += 4) {
    int type = 0;
    socklen_t length = sizeof(type);
    if (sys::GetSockOpt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0) {
      open.insert(fd);
    }
  }
  return open;
}

std::optional<int64_t> CurrentThreadWrites() { return std::nullopt; }

bool HasEpollPwait2() { return false; }

std::vector<WayToFork> WaysToFork() { return {}; }

}  // namespace isopoll::tests
