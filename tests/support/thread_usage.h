// What a thread has used so far.

#ifndef ISOPOLL_TESTS_SUPPORT_THREAD_USAGE_H_
#define ISOPOLL_TESTS_SUPPORT_THREAD_USAGE_H_

#include <cstdint>

#include "absl/time/time.h"

namespace isopoll::tests {

struct ThreadUsage {
  absl::Duration cpu;
  // How often it gave up the processor to wait. Windows tells that only in a
  // list of all threads, where Wine leaves it out: there it is 0.
  int64_t sleeps;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_THREAD_USAGE_H_
