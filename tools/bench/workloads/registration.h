// Registration: descriptors come and go, interests change.

#ifndef ISOPOLL_TOOLS_BENCH_WORKLOADS_REGISTRATION_H_
#define ISOPOLL_TOOLS_BENCH_WORKLOADS_REGISTRATION_H_

#include <sys/socket.h>

#include <cstddef>

#include "isopoll/net/pairs.h"
#include "tools/bench/driver.h"
#include "tools/bench/must.h"
#include "tools/bench/scene.h"
#include "tools/bench/stopwatch.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {

struct Ignore {
  static constexpr bool kThreads = false;

  void Ready(size_t /*tag*/, int /*ready*/) {}
  void Woken() {}
  bool done() const { return true; }
};

// A driver that watches all of a scene but its last channel.
template <typename DriverOfIgnore>
void AddAllButLast(DriverOfIgnore& driver, const Scene& scene) {
  for (size_t i = 0; i + 1 < scene.size(); ++i) {
    driver.Add(scene.fd(i), kRead, i);
  }
}
template <typename DriverOfIgnore>
void RemoveAllButLast(DriverOfIgnore& driver, const Scene& scene) {
  for (size_t i = 0; i + 1 < scene.size(); ++i) {
    driver.Remove(scene.fd(i), i);
  }
}

// An operation is an Add and a Remove.
template <template <typename> class Driver>
double RunChurn(const Case& c, Scene& scene, size_t count) {
  Ignore handler;
  Driver<Ignore> driver(&handler);
  AddAllButLast(driver, scene);
  const size_t last = scene.size() - 1;
  const int fd = scene.fd(last);
  const bool look = c.workload == Workload::kChurnLook;
  const auto churn = [&](size_t times) {
    for (size_t i = 0; i < times; ++i) {
      driver.Add(fd, kRead, last);
      if (look) driver.Look();
      driver.Remove(fd, last);
    }
  };
  churn(16);
  const Stopwatch stopwatch(kThreadTime);
  churn(count);
  const double time = stopwatch.Nanoseconds();
  RemoveAllButLast(driver, scene);
  return time;
}

// An operation is a change there and a change back.
template <template <typename> class Driver>
double RunToggle(const Case& c, Scene& scene, size_t count) {
  Ignore handler;
  Driver<Ignore> driver(&handler);
  AddAllButLast(driver, scene);
  const SocketPairFds sockets = Must(SocketPair(SOCK_STREAM));
  const size_t tag = scene.size() - 1;
  const int fd = sockets.first.get();
  driver.Add(fd, kRead, tag);
  const bool look = c.workload == Workload::kToggleLook;
  const auto toggle = [&](size_t times) {
    for (size_t i = 0; i < times; ++i) {
      driver.Change(fd, kRead | kWrite, tag);
      if (look) driver.Look();
      driver.Change(fd, kRead, tag);
      if (look) driver.Look();
    }
    driver.Look();  // for those who put things off
  };
  toggle(16);
  const Stopwatch stopwatch(kThreadTime);
  toggle(count);
  const double time = stopwatch.Nanoseconds();
  driver.Remove(fd, tag);
  RemoveAllButLast(driver, scene);
  return time;
}

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_WORKLOADS_REGISTRATION_H_
