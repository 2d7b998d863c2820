// Memory: what a registered descriptor takes of the heap.

#ifndef ISOPOLL_TOOLS_BENCH_WORKLOADS_MEMORY_H_
#define ISOPOLL_TOOLS_BENCH_WORKLOADS_MEMORY_H_

#include <fcntl.h>
#include <malloc.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "isopoll/net/unique_fd.h"
#include "tools/bench/driver.h"
#include "tools/bench/must.h"
#include "tools/bench/scene.h"
#include "tools/bench/subject.h"
#include "tools/bench/workloads/registration.h"

namespace isopoll::bench {

inline double HeapBytes() {
  const struct mallinfo2 info = ::mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

// Bytes for each of `watched` descriptors, whose numbers follow on each other,
// with all that the program must keep so that it can use the library. The size
// of the driver counts too: so a raw loop has its array of events.
template <template <typename> class Driver>
double RunMemory(const Case& c, Scene& scene, size_t /*count*/) {
  std::vector<UniqueFd> fds(c.watched);
  for (UniqueFd& fd : fds) {
    fd.reset(::fcntl(scene.fd(0), F_DUPFD_CLOEXEC, 0));
    Must(bool{fd}, "fcntl");
  }
  const double before = HeapBytes();
  Ignore handler;
  auto driver = std::make_unique<Driver<Ignore>>(&handler);
  for (size_t i = 0; i < fds.size(); ++i) driver->Add(fds[i].get(), kRead, i);
  driver->Look();
  const double bytes = HeapBytes() - before;
  for (size_t i = 0; i < fds.size(); ++i) driver->Remove(fds[i].get(), i);
  return bytes / static_cast<double>(c.watched);
}

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_WORKLOADS_MEMORY_H_
