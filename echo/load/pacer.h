// Pacer: when a connection's requests are to start.

#ifndef ISOPOLL_ECHO_LOAD_PACER_H_
#define ISOPOLL_ECHO_LOAD_PACER_H_

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "absl/time/time.h"

namespace isopoll::echo {

// A request's latency counts from here, not from when it was sent: if the
// server stalls, those who would have asked meanwhile count as well, though
// they could not ask yet ("coordinated omission" is to forget them).
//
// Times are SteadyNow's. A value type.
class Pacer {
 public:
  // Without a rate: each request starts when it can.
  Pacer() = default;

  // The requests of connection `index` of `connections`, which from `start` on,
  // and before `end`, make `rate` per second all together, evenly spread.
  Pacer(absl::Duration start, absl::Duration end, double rate, int index,
        int connections)
      : start_(start),
        end_(end),
        interval_(absl::Seconds(connections / rate)),
        offset_(absl::Seconds(index / rate)) {}

  bool paced() const { return interval_ > absl::ZeroDuration(); }

  // When the next request is to start; long ago if the connection is behind,
  // never once the end has come.
  absl::Duration next() const {
    const absl::Duration next = start_ + offset_ + interval_ * taken_;
    return next < end_ ? next : absl::InfiniteDuration();
  }

  // How many requests are to start before `time`.
  uint64_t DueBefore(absl::Duration time) const {
    if (!paced()) return 0;
    const absl::Duration since = std::min(time, end_) - start_ - offset_;
    if (since <= absl::ZeroDuration()) return 0;
    return static_cast<uint64_t>(
        std::ceil(absl::FDivDuration(since, interval_)));
  }

  // The start of a request that is sent at `now`, which is not before next().
  absl::Duration Take(absl::Duration now) {
    if (!paced()) return now;
    const absl::Duration intended = next();
    ++taken_;
    return intended;
  }

 private:
  absl::Duration start_;
  absl::Duration end_ = absl::InfiniteDuration();
  absl::Duration interval_;
  absl::Duration offset_;
  int64_t taken_ = 0;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_PACER_H_
