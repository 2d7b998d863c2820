// libev, of which this program needs the development files: see BUILD.

#ifndef ISOPOLL_TOOLS_AGREEMENT_PEERS_LIBEV_H_
#define ISOPOLL_TOOLS_AGREEMENT_PEERS_LIBEV_H_

#include "tools/agreement/observer.h"

namespace isopoll::agreement {

// Its select, poll and epoll backends.
Observers LibevObservers();

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_PEERS_LIBEV_H_
