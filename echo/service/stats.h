// What a server's numbers look like: a line for people, a page for Prometheus.

#ifndef ISOPOLL_ECHO_SERVICE_STATS_H_
#define ISOPOLL_ECHO_SERVICE_STATS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "echo/loop/timers.h"
#include "echo/service/counters.h"

namespace isopoll::echo {

// A server's numbers at one moment.
struct StatsSample {
  ServerStats totals;
  uint64_t connections = 0;  // open now
  absl::string_view backend;
  absl::Duration at = SteadyNow();
};

// What happened from `before` to `after`, such as "stats: 2 open, 5 accepted/s,
// 1.25 MB/s in, 1.25 MB/s out, 0 datagrams/s, 3.1 events per Wait, 402
// Waits/s".
std::string StatsLine(const StatsSample& before, const StatsSample& after);

// The page of Prometheus's text format, version 0.0.4.
std::string PrometheusText(const StatsSample& sample);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_STATS_H_
