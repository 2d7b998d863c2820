// What a filter of system calls refuses is not told as something else. Linux.

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "tests/conformance/child_process.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

// By the number that libc calls, which on 32-bit processors has a suffix.
#ifdef SYS_fcntl64
constexpr unsigned kFcntl = SYS_fcntl64;
#else
constexpr unsigned kFcntl = SYS_fcntl;
#endif

// Has the kernel fail this process's calls of `number` with EPERM, for good.
bool Refuse(unsigned number) {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter = {sizeof(program) / sizeof(program[0]), program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

class SystemCallFilterTest : public PollerTest {};

TEST_P(SystemCallFilterTest, AddSaysThatFcntlIsRefused) {
  const Ends pipe = NewReadablePipe();
  EXPECT_EQ(RunInChild([&] {
              const std::unique_ptr<Poller> poller = New();
              if (!Refuse(kFcntl)) return std::string("no filter");
              const absl::Status status = poller->Add(pipe.get(), kNone, 1);
              return absl::IsPermissionDenied(status) &&
                             absl::StrContains(status.message(), "fcntl")
                         ? ""
                         : status.ToString();
            }),
            "");
}

ISOPOLL_ON_EVERY_KIND(SystemCallFilterTest);

}  // namespace
}  // namespace isopoll
