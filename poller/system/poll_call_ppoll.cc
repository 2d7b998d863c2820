// Linux, FreeBSD, OpenBSD and DragonFly.

#include <poll.h>
#include <signal.h>

#include <ctime>

#include "poller/system/platform.h"
#include "poller/system/poll_call.h"

namespace isopoll {
namespace internal {

int PollFor(PollEntry* entries, PollCount count, const timespec* timeout) {
  // poll is quicker than ppoll.
  if (timeout == nullptr) return ::poll(entries, count, -1);
  if (timeout->tv_sec == 0 && timeout->tv_nsec == 0) {
    return ::poll(entries, count, 0);
  }
  return ::ppoll(entries, count, timeout, nullptr);
}

short PollMarks(int /*fd*/) { return 0; }

}  // namespace internal
}  // namespace isopoll
