#include "tests/cost/system_calls.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace isopoll::tests {
namespace {

// A system call that nothing else makes, around what is measured.
constexpr int64_t kMark = SYS_getpriority;
void Mark() { ::syscall(kMark, 0, 0); }

std::string NameOf(int64_t number) {
  switch (number) {
    case SYS_epoll_ctl:
      return "epoll_ctl";
    case SYS_epoll_pwait2:
      return "epoll_pwait2";
#ifdef SYS_epoll_wait  // not on AArch64, where glibc calls epoll_pwait
    case SYS_epoll_wait:
#endif
    case SYS_epoll_pwait:
      return "epoll_wait";
    case SYS_fcntl:
      return "fcntl";
#ifdef SYS_poll  // nor this, where it calls ppoll
    case SYS_poll:
#endif
    case SYS_ppoll:
      return "poll";
    case SYS_pselect6:
      return "pselect";
    case SYS_read:
      return "read";
    case SYS_write:
      return "write";
    default:
      return "system call " + std::to_string(number);
  }
}

// Lets the child go on to its next system call; false if it ended instead.
bool NextCall(pid_t child, int64_t* number) {
  for (;;) {
    int status;
    if (::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) == -1 ||
        ::waitpid(child, &status, 0) == -1 || !WIFSTOPPED(status)) {
      return false;
    }
    __ptrace_syscall_info info;
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) > 0 &&
        info.op == PTRACE_SYSCALL_INFO_ENTRY) {
      *number = static_cast<int64_t>(info.entry.nr);
      return true;
    }
  }
}

}  // namespace

std::vector<std::string> SystemCalls(const std::function<void()>& prepare,
                                     const std::function<void()>& measured) {
  const pid_t child = ::fork();
  if (child == -1) return {"no fork"};
  if (child == 0) {
    prepare();
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    Mark();
    measured();
    Mark();
    ::_exit(0);
  }
  int status;
  if (::waitpid(child, &status, 0) == -1 || !WIFSTOPPED(status)) {
    return {"no child"};
  }
  ::ptrace(PTRACE_SETOPTIONS, child, nullptr,
           PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);

  std::vector<std::string> calls;
  int64_t number = 0;
  bool alive = NextCall(child, &number);
  while (alive && number != kMark) alive = NextCall(child, &number);
  alive = alive && NextCall(child, &number);
  while (alive && number != kMark) {
    calls.push_back(NameOf(number));
    alive = NextCall(child, &number);
  }
  if (!alive) calls.push_back("the end of the child");
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return calls;
}

}  // namespace isopoll::tests
