// poll(2) as the backends need it.

#ifndef ISOPOLL_POLLER_SYSTEM_POLL_CALL_H_
#define ISOPOLL_POLLER_SYSTEM_POLL_CALL_H_

#include <ctime>

#include "poller/system/platform.h"

namespace isopoll {
namespace internal {

// poll(2), with a timeout in nanoseconds, rounded up where the system has none
// so fine; null is for ever. What it finds is to be read by kPollDialect.
// Implemented by poll_call_....cc.
using PollFunction = int(PollEntry* entries, PollCount count,
                         const timespec* timeout);
PollFunction PollFor;

// `timeout`, of at most a day, for a poll(2) that takes milliseconds, rounded
// up; -1 for null.
inline int ToPollTimeout(const timespec* timeout) {
  if (timeout == nullptr) return -1;
  return static_cast<int>(timeout->tv_sec * 1000 +
                          (timeout->tv_nsec + 999999) / 1000000);
}

// What to ask PollFor of `fd`, beside readiness, so that it sees `fd` at all.
short PollMarks(int fd);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_POLL_CALL_H_
