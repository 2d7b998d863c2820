#include "poller/epoll/epoll_calls.h"

#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <ctime>

namespace isopoll {
namespace internal {
namespace {

// Headers older than the call do not name its number, the same on every
// processor but Alpha.
#ifdef SYS_epoll_pwait2
constexpr long kNumber = SYS_epoll_pwait2;
#else
constexpr long kNumber = 441;
#endif

// As the kernel reads it, also where a timespec has 32 bits.
struct KernelTimespec {
  int64_t seconds;
  int64_t nanoseconds;
};

}  // namespace

// By number: musl, and glibc before 2.35, have no function for it. The kernel
// has had the call since Linux 5.11.
int EpollCalls::Pwait2(int epoll, epoll_event* events, int room,
                       const timespec& timeout) {
  const KernelTimespec time = {timeout.tv_sec, timeout.tv_nsec};
  return static_cast<int>(
      ::syscall(kNumber, epoll, events, room, &time, nullptr, 0));
}

}  // namespace internal
}  // namespace isopoll
