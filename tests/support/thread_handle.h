// Threads as Windows knows them. Only for files of Windows.

#ifndef ISOPOLL_TESTS_SUPPORT_THREAD_HANDLE_H_
#define ISOPOLL_TESTS_SUPPORT_THREAD_HANDLE_H_

#include <sys/types.h>
#include <winsock2.h>

#include "tests/support/thread_usage.h"

namespace isopoll::tests {

// Owns a handle of the thread that is numbered `thread`.
class ThreadHandle {
 public:
  ThreadHandle(pid_t thread, DWORD access)
      : handle_(::OpenThread(access, FALSE, static_cast<DWORD>(thread))) {}
  ~ThreadHandle() { ::CloseHandle(handle_); }
  ThreadHandle(const ThreadHandle&) = delete;
  ThreadHandle& operator=(const ThreadHandle&) = delete;

  // Null if there is no such thread.
  HANDLE get() const { return handle_; }

 private:
  HANDLE handle_;
};

ThreadUsage UsageOf(HANDLE thread);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_THREAD_HANDLE_H_
