// Peers: other libraries, on the same workloads.

#ifndef ISOPOLL_TOOLS_BENCH_PEERS_PEERS_H_
#define ISOPOLL_TOOLS_BENCH_PEERS_PEERS_H_

#include "tools/bench/subject.h"

namespace isopoll::bench {

// libev, libevent, libuv and asio on epoll. None if the program was linked
// without them.
Subjects PeerSubjects();

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_PEERS_PEERS_H_
