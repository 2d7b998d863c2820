// asio, of which this program needs the development files: see BUILD.

#ifndef ISOPOLL_TOOLS_BENCH_PEERS_ASIO_H_
#define ISOPOLL_TOOLS_BENCH_PEERS_ASIO_H_

#include "tools/bench/subject.h"

namespace isopoll::bench {

// Its epoll backend.
Subject AsioSubject();

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_PEERS_ASIO_H_
