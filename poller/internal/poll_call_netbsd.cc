#include <poll.h>
#include <signal.h>

#include <ctime>

#include "poller/internal/poll_call.h"

namespace isopoll {
namespace internal {

// NetBSD had this name before it had ppoll's.
int PollFor(pollfd* entries, nfds_t count, const timespec* timeout) {
  return ::pollts(entries, count, timeout, nullptr);
}

short PollMarks(int /*fd*/) { return 0; }

}  // namespace internal
}  // namespace isopoll
