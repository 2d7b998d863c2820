// The subjects that need nothing but this workspace.

#ifndef ISOPOLL_TOOLS_BENCH_DRIVERS_OWN_H_
#define ISOPOLL_TOOLS_BENCH_DRIVERS_OWN_H_

#include "tools/bench/subject.h"

namespace isopoll::bench {

// Raw loops over epoll, poll and select. They are their own baselines.
Subjects RawSubjects();

// isopoll on each of its backends, to be compared with the raw loop of the same
// system call.
Subjects IsopollSubjects();

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_DRIVERS_OWN_H_
