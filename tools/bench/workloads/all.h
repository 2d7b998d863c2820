// All workloads, on one driver.

#ifndef ISOPOLL_TOOLS_BENCH_WORKLOADS_ALL_H_
#define ISOPOLL_TOOLS_BENCH_WORKLOADS_ALL_H_

#include <string>

#include "tools/bench/subject.h"
#include "tools/bench/workloads/active.h"
#include "tools/bench/workloads/echo.h"
#include "tools/bench/workloads/idle.h"
#include "tools/bench/workloads/memory.h"
#include "tools/bench/workloads/registration.h"
#include "tools/bench/workloads/wake.h"

namespace isopoll::bench {

template <template <typename> class Driver>
Subject MakeSubject(const std::string& library, const std::string& call) {
  // In the order of Workload.
  return {library + " " + call,
          library,
          "raw " + call,
          {&RunActive<Driver>, &RunChurn<Driver>, &RunChurn<Driver>,
           &RunToggle<Driver>, &RunToggle<Driver>, &RunWakePending<Driver>,
           &RunWakeBusy<Driver>, &RunWakeLatency<Driver>, &RunIdle<Driver>,
           &RunEcho<Driver>, &RunEcho<Driver>, &RunMemory<Driver>}};
}

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_WORKLOADS_ALL_H_
