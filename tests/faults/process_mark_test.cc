// R15 where the kernel gives no page that it clears in children: Linux before
// 4.14, and no memory. The mark of a process is made once, and so each failure
// has a process of its own.

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/poller.h"
#include "tests/faults/call_log.h"
#include "tests/faults/failure.h"

namespace isopoll::tests {
namespace {

// What goes wrong in a child, by its exit status.
enum Verdict { kRight, kNoFault, kNotMade, kDoesNotWork, kTakenForParent };

template <typename Action>
int ExitStatusOf(Action action) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(action());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Verdict Use(Poller& poller) {
  const absl::StatusOr<PipeFds> pipe = Pipe();
  Event event;
  const bool works =
      pipe.ok() && poller.Add(pipe->write_end.get(), kWritable, 1).ok() &&
      poller.Wait(absl::MakeSpan(&event, 1), absl::ZeroDuration())->count == 1;
  if (!works) return kDoesNotWork;
  return static_cast<Verdict>(ExitStatusOf([&] {
    // That the child has one of its own makes no difference.
    if (!Poller::Create().ok()) return kNotMade;
    return absl::IsFailedPrecondition(poller.Remove(pipe->write_end.get()))
               ? kRight
               : kTakenForParent;
  }));
}

Verdict UseUnder(const Failure& failure) {
  CallLog log(Fault{&failure, 1});
  absl::StatusOr<std::unique_ptr<Poller>> poller;
  {
    Scope scope(log);
    poller = Poller::Create();
    if (scope.hit() == nullptr) return kNoFault;
  }
  return poller.ok() ? Use(**poller) : kNotMade;
}

// No poller has been made in this process.
TEST(ProcessMarkTest, ChildrenAreToldWithoutAPageOfTheirOwn) {
  const Failure failures[] = {
      {"mmap", ENOMEM, absl::StatusCode::kOk},
      {"madvise", EINVAL, absl::StatusCode::kOk},
      {"madvise", ENOMEM, absl::StatusCode::kOk},
  };
  for (const Failure& failure : failures) {
    EXPECT_EQ(ExitStatusOf([&] { return UseUnder(failure); }), kRight)
        << failure.ToString();
  }
}

}  // namespace
}  // namespace isopoll::tests
