// PollCalls: the system calls of the poll backend, in one table that a test can
// replace to script the kernel. (The wake-up's are in poller/system.)

#ifndef ISOPOLL_POLLER_POLL_POLL_CALLS_H_
#define ISOPOLL_POLLER_POLL_POLL_CALLS_H_

#include <ctime>

#include "poller/system/descriptor_calls.h"
#include "poller/system/platform.h"
#include "poller/system/poll_by_select.h"
#include "poller/system/poll_call.h"

namespace isopoll {
namespace internal {

struct PollCalls {
  static int Poll(PollEntry* entries, PollCount count,
                  const timespec* timeout) {
    return PollFor(entries, count, timeout);
  }
  // See PollWatch.
  static int QuietPoll(PollEntry* entries, PollCount count,
                       const timespec* timeout) {
    return PollBySelect(entries, count, timeout);
  }
  static const DescriptorCalls& Descriptors() { return HostDescriptorCalls(); }
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_POLL_POLL_CALLS_H_
