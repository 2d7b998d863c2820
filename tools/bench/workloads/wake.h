// Wake-ups.

#ifndef ISOPOLL_TOOLS_BENCH_WORKLOADS_WAKE_H_
#define ISOPOLL_TOOLS_BENCH_WORKLOADS_WAKE_H_

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "tools/bench/driver.h"
#include "tools/bench/scene.h"
#include "tools/bench/stopwatch.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {

// Done when woken.
struct AwaitWake {
  static constexpr bool kThreads = true;

  bool woken = false;

  void Ready(size_t /*tag*/, int /*ready*/) {}
  void Woken() { woken = true; }
  bool done() const { return woken; }
};

// A driver with nothing to watch but one channel, on which nothing comes. Some
// do not wait if there is nothing to wait for.
template <template <typename> class Driver>
class Sleeper {
 public:
  explicit Sleeper(const Scene& scene) : scene_(scene), driver_(&handler_) {
    driver_.Add(scene_.fd(0), kRead, 0);
    driver_.Look();
  }
  ~Sleeper() { driver_.Remove(scene_.fd(0), 0); }

  void Wake() { driver_.Wake(); }
  void Sleep() {
    handler_.woken = false;
    driver_.Run();
  }

 private:
  const Scene& scene_;
  AwaitWake handler_;
  Driver<AwaitWake> driver_;
};

// An operation is a Wake that finds one pending.
template <template <typename> class Driver>
double RunWakePending(const Case& /*c*/, Scene& scene, size_t count) {
  Sleeper<Driver> sleeper(scene);
  sleeper.Wake();
  const Stopwatch stopwatch(kThreadTime);
  for (size_t i = 0; i < count; ++i) sleeper.Wake();
  const double time = stopwatch.Nanoseconds();
  sleeper.Sleep();
  return time;
}

// An operation is a Wake of a poller that is not waiting and has none pending.
// A clock read costs as much as several: many are woken between two, and it is
// the clock that is read without a system call.
template <template <typename> class Driver>
double RunWakeBusy(const Case& /*c*/, Scene& scene, size_t count) {
  constexpr size_t kSleepers = 64;
  std::vector<std::unique_ptr<Sleeper<Driver>>> sleepers;
  for (size_t i = 0; i < kSleepers; ++i) {
    sleepers.push_back(std::make_unique<Sleeper<Driver>>(scene));
  }
  double time = 0;
  size_t done = 0;
  while (done < count) {
    const Stopwatch stopwatch(kWallTime);
    for (auto& sleeper : sleepers) sleeper->Wake();
    time += stopwatch.Nanoseconds();
    for (auto& sleeper : sleepers) sleeper->Sleep();
    done += kSleepers;
  }
  return time * static_cast<double>(count) / static_cast<double>(done);
}

// An operation is a Wake on its way from one thread to another: two threads
// wake each other in turn.
template <template <typename> class Driver>
double RunWakeLatency(const Case& /*c*/, Scene& scene, size_t count) {
  Sleeper<Driver> here(scene);
  Sleeper<Driver> there(scene);
  const size_t rounds = count / 2 + 1;
  std::thread thread([&] {
    for (size_t i = 0; i < rounds + 1; ++i) {
      there.Sleep();
      here.Wake();
    }
  });
  there.Wake();
  here.Sleep();
  const Stopwatch stopwatch(kWallTime);
  for (size_t i = 0; i < rounds; ++i) {
    there.Wake();
    here.Sleep();
  }
  const double time = stopwatch.Nanoseconds();
  thread.join();
  return time * static_cast<double>(count) / static_cast<double>(2 * rounds);
}

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_WORKLOADS_WAKE_H_
