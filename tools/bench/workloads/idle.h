// Idle descriptors: what a look costs that finds one ready, or none.

#ifndef ISOPOLL_TOOLS_BENCH_WORKLOADS_IDLE_H_
#define ISOPOLL_TOOLS_BENCH_WORKLOADS_IDLE_H_

#include <cstddef>

#include "tools/bench/driver.h"
#include "tools/bench/scene.h"
#include "tools/bench/stopwatch.h"
#include "tools/bench/subject.h"
#include "tools/bench/workloads/registration.h"

namespace isopoll::bench {

// An operation is a zero Wait. The token of an active channel stays.
template <template <typename> class Driver>
double RunIdle(const Case& c, Scene& scene, size_t count) {
  Ignore handler;
  Driver<Ignore> driver(&handler);
  for (size_t i = 0; i < scene.size(); ++i) {
    driver.Add(scene.fd(i), kRead, i);
  }
  for (size_t i = 0; i < c.active; ++i) scene.Send(scene.size() / 2 + i);
  driver.Look();
  const Stopwatch stopwatch(kThreadTime);
  for (size_t i = 0; i < count; ++i) driver.Look();
  const double time = stopwatch.Nanoseconds();
  for (size_t i = 0; i < scene.size(); ++i) {
    driver.Remove(scene.fd(i), i);
  }
  scene.Clear();
  return time;
}

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_WORKLOADS_IDLE_H_
