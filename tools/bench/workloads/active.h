// Active channels: tokens travel over eventfds, all of which are
// watched.

#ifndef ISOPOLL_TOOLS_BENCH_WORKLOADS_ACTIVE_H_
#define ISOPOLL_TOOLS_BENCH_WORKLOADS_ACTIVE_H_

#include <cstddef>

#include "tools/bench/driver.h"
#include "tools/bench/scene.h"
#include "tools/bench/stopwatch.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {

// Who finds a token hands it on to a channel well away, so that neither the
// order of descriptors nor that of events helps.
struct PassTokens {
  static constexpr bool kThreads = false;
  static constexpr size_t kStride = 617;  // prime to all numbers of channels

  const Scene& scene;
  ptrdiff_t left = 0;  // how many times yet; below zero: too many

  void Ready(size_t tag, int /*ready*/) {
    scene.Receive(tag);
    scene.Send((tag + kStride) % scene.size());
    --left;
  }
  void Woken() {}
  bool done() const { return left <= 0; }
};

// An operation is one token handed on.
template <template <typename> class Driver>
double RunActive(const Case& c, Scene& scene, size_t count) {
  PassTokens handler{scene};
  Driver<PassTokens> driver(&handler);
  for (size_t i = 0; i < scene.size(); ++i) {
    driver.Add(scene.fd(i), kRead, i);
  }
  for (size_t i = 0; i < c.active; ++i) {
    scene.Send(i * scene.size() / c.active);
  }
  handler.left = 2 * static_cast<ptrdiff_t>(c.active);  // to get warm
  driver.Run();

  const ptrdiff_t wanted = static_cast<ptrdiff_t>(count);
  handler.left = wanted;
  const Stopwatch stopwatch(kThreadTime);
  driver.Run();
  const double time = stopwatch.Nanoseconds();
  const ptrdiff_t done = wanted - handler.left;

  for (size_t i = 0; i < scene.size(); ++i) {
    driver.Remove(scene.fd(i), i);
  }
  scene.Clear();
  return time * static_cast<double>(wanted) / static_cast<double>(done);
}

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_WORKLOADS_ACTIVE_H_
