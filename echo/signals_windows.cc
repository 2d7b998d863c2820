#include <windows.h>

#include "absl/base/attributes.h"
#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "echo/signals.h"

namespace isopoll::echo {
namespace {

// A handler is given nothing but the event, so what it acts on has to be here.
// It is called in a thread of its own.
ABSL_CONST_INIT absl::Mutex g_mutex(absl::kConstInit);
Stoppable* g_program ABSL_GUARDED_BY(g_mutex) = nullptr;
int g_times ABSL_GUARDED_BY(g_mutex) = 0;  // that Stop is still to be called

BOOL WINAPI OnEvent(DWORD event) {
  {
    absl::MutexLock lock(&g_mutex);
    // Then the system's own handler is next, which ends the process.
    if (g_program == nullptr || --g_times < 0) return FALSE;
    g_program->Stop();
  }
  // When the console closes or the system shuts down, the process ends as soon
  // as this returns, or after 5 s. Until then the program may come to its end.
  if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) ::Sleep(INFINITE);
  return TRUE;
}

}  // namespace

struct StopOnSignal::Handling {};

StopOnSignal::StopOnSignal(Stoppable& program, int times) {
  {
    absl::MutexLock lock(&g_mutex);
    g_program = &program;
    g_times = times;
  }
  ::SetConsoleCtrlHandler(&OnEvent, TRUE);
}

StopOnSignal::~StopOnSignal() {
  ::SetConsoleCtrlHandler(&OnEvent, FALSE);
  absl::MutexLock lock(&g_mutex);
  g_program = nullptr;
}

}  // namespace isopoll::echo
