// libevent, of which this program needs the development files: see BUILD.

#ifndef ISOPOLL_TOOLS_AGREEMENT_PEERS_LIBEVENT_H_
#define ISOPOLL_TOOLS_AGREEMENT_PEERS_LIBEVENT_H_

#include "tools/agreement/observer.h"

namespace isopoll::agreement {

// Its select, poll and epoll backends.
Observers LibeventObservers();

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_PEERS_LIBEVENT_H_
