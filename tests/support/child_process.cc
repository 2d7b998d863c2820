#include "tests/support/child_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "isopoll/net/pairs.h"

namespace isopoll::tests {
namespace {

constexpr int kPatienceMs = 10'000;

// Nothing but system calls: other threads' locks may be held for ever here.
[[noreturn]] void BeIdle() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // By number: musl 1.2.3 has no function for it.
  ::syscall(SYS_close_range, 0, ~0U, 0);
  while (true) ::pause();
}

}  // namespace

absl::StatusOr<UniqueFd> StartIdleChild() {
  absl::StatusOr<PipeFds> pipe = Pipe();
  if (!pipe.ok()) return pipe.status();
  const pid_t pid = ::fork();
  if (pid == 0) BeIdle();
  if (pid < 0) return absl::ErrnoToStatus(errno, "fork");
  // By number: the functions of glibc 2.36 cannot be called from C++.
  UniqueFd child(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!child) return absl::ErrnoToStatus(errno, "pidfd_open");
  // The pipe hangs up when the child has closed its copy of the write end,
  // and with it all others.
  pipe->write_end.reset();
  pollfd entry = {pipe->read_end.get(), POLLIN, 0};
  if (::poll(&entry, 1, kPatienceMs) != 1) {
    EndChild(std::move(child));
    return absl::DeadlineExceededError("a forked child did nothing for 10 s");
  }
  return child;
}

bool KillChild(int pidfd) {
  if (::syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0) != 0) {
    return false;
  }
  pollfd entry = {pidfd, POLLIN, 0};
  return ::poll(&entry, 1, kPatienceMs) == 1;
}

bool ReapChild(int pidfd) {
  siginfo_t info;
  return ::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED) == 0;
}

void EndChild(UniqueFd pidfd) {
  KillChild(pidfd.get());
  ReapChild(pidfd.get());
}

}  // namespace isopoll::tests
