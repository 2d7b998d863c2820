// libuv, of which this program needs the development files: see BUILD.

#ifndef ISOPOLL_TOOLS_AGREEMENT_PEERS_LIBUV_H_
#define ISOPOLL_TOOLS_AGREEMENT_PEERS_LIBUV_H_

#include "tools/agreement/observer.h"

namespace isopoll::agreement {

// The only backend it has here, by uv_poll_t.
Observers LibuvObservers();

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_PEERS_LIBUV_H_
