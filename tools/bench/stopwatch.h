// Stopwatch: nanoseconds of one of the system's clocks.

#ifndef ISOPOLL_TOOLS_BENCH_STOPWATCH_H_
#define ISOPOLL_TOOLS_BENCH_STOPWATCH_H_

#include <ctime>

namespace isopoll::bench {

// That of the thread's CPU time passes over the time that other programs take.
inline constexpr clockid_t kThreadTime = CLOCK_THREAD_CPUTIME_ID;
inline constexpr clockid_t kWallTime = CLOCK_MONOTONIC;

class Stopwatch {
 public:
  explicit Stopwatch(clockid_t clock) : clock_(clock), start_(Now()) {}

  // Since it was made.
  double Nanoseconds() const { return Now() - start_; }

 private:
  double Now() const {
    timespec now;
    ::clock_gettime(clock_, &now);
    return static_cast<double>(now.tv_sec) * 1e9 +
           static_cast<double>(now.tv_nsec);
  }

  clockid_t clock_;
  double start_;
};

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_STOPWATCH_H_
