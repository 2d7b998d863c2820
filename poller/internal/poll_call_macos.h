// What poll_call_macos.cc has beside poll_call.h.

#ifndef ISOPOLL_POLLER_INTERNAL_POLL_CALL_MACOS_H_
#define ISOPOLL_POLLER_INTERNAL_POLL_CALL_MACOS_H_

#include "poller/internal/poll_call.h"

namespace isopoll {
namespace internal {

// select(2), asked and answering as poll(2) would: POLLIN, POLLOUT and POLLPRI
// are its three sets, and POLLNVAL is for what is not open.
PollFunction PollBySelect;

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_POLL_CALL_MACOS_H_
