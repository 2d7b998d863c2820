// Limits: what a server grants its clients.

#ifndef ISOPOLL_ECHO_SERVICE_LIMITS_H_
#define ISOPOLL_ECHO_SERVICE_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace isopoll::echo {

struct Limits {
  // The most connections at a time, over all threads; 0: as many as there are
  // descriptors. A client too many is closed at once.
  uint64_t connections = 0;

  // The most that one connection is owed, and so the memory it may take: 1 to
  // 64 MiB. A peer that does not read what it is owed is not read from.
  size_t buffer_bytes = 16 * 1024;

  // The most that all are owed, over all threads; 0: no limit. Beyond it
  // nobody is read from until some of it is paid. May be exceeded by one
  // buffer for each thread.
  uint64_t owed_bytes = 0;

  // How long a connection may be silent, in both directions; positive.
  absl::Duration idle = absl::InfiniteDuration();

  // A peer that is owed something must take `min_rate` bytes per second on
  // average over each `rate_window` (positive), or it is dropped. With a rate
  // of 0, it may take for ever.
  uint64_t min_rate = 1;
  absl::Duration rate_window = absl::Seconds(60);

  // The most bytes that are read from one connection before everybody else has
  // a turn again. 0: one read in a turn, whatever it brings.
  size_t read_budget = 64 * 1024;
};

// InvalidArgument says which limit is out of its range.
absl::Status CheckLimits(const Limits& limits);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_LIMITS_H_
