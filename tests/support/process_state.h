// What is the system's own: how it tells of processes and threads, and flags.

#ifndef ISOPOLL_TESTS_SUPPORT_PROCESS_STATE_H_
#define ISOPOLL_TESTS_SUPPORT_PROCESS_STATE_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <ostream>
#include <set>
#include <vector>

#include "tests/support/thread_usage.h"

namespace isopoll::tests {

// That of the calling thread.
ThreadUsage CurrentThreadUsage();

// The calling thread, as the system numbers it.
pid_t CurrentThread();

// Whether `thread` of `process` sleeps in the kernel now.
bool IsAsleep(pid_t process, pid_t thread);

// Whether `process` is stopped, as by SIGSTOP.
bool IsStopped(pid_t process);

// The descriptors this process has open.
std::set<int> OpenDescriptors();

// How many system calls of the write family the calling thread has made, or
// nothing where the system does not count them.
std::optional<int64_t> CurrentThreadWrites();

// A way to make a child process, which returns as fork(2) does.
struct WayToFork {
  const char* name;
  pid_t (*fork)();

  friend std::ostream& operator<<(std::ostream& out, const WayToFork& way) {
    return out << way.name;
  }
};
// fork(3), and what the system has besides that runs no handlers of
// pthread_atfork(3).
std::vector<WayToFork> WaysToFork();

// Whether this kernel lets a thread wait in an epoll set for less than a
// millisecond, where there are such sets.
bool HasEpollPwait2();

// The flag that opens a path and no file behind it, or 0 where there is none.
extern const int kPathOnlyFlag;

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_PROCESS_STATE_H_
