// select(2), for those who speak in PollEntries.

#ifndef ISOPOLL_POLLER_SYSTEM_POLL_BY_SELECT_H_
#define ISOPOLL_POLLER_SYSTEM_POLL_BY_SELECT_H_

#include "poller/system/poll_call.h"

namespace isopoll {
namespace internal {

// As poll(2), but by select(2), which neither answers nor wakes for anything
// that was not asked for: no hangup and no error. The bits that kPollDialect
// asks with are its three sets, and POLLNVAL is for what is not open. May find
// nothing before the time is up.
PollFunction PollBySelect;

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_POLL_BY_SELECT_H_
