// What a server's numbers look like: a line for people, a page for Prometheus.

#ifndef ISOPOLL_ECHO_SERVICE_STATS_H_
#define ISOPOLL_ECHO_SERVICE_STATS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "echo/loop/reactor.h"
#include "echo/loop/timers.h"
#include "echo/service/counters.h"

namespace isopoll::echo {

// A server's numbers at one moment.
struct StatsSample {
  ServerStats totals;
  uint64_t connections = 0;  // open now
  absl::string_view backend;
};
using TakeSample = std::function<StatsSample()>;

// What happened from `before` to `after`, which took `elapsed`, such as
// "stats: 2 open, 5 accepted/s, 1.25 MB/s in, 1.25 MB/s out, 0 datagrams/s, 3.1
// events per Wait, 402 Waits/s".
std::string StatsLine(const StatsSample& before, const StatsSample& after,
                      absl::Duration elapsed);

// The page of Prometheus's text format, version 0.0.4.
std::string PrometheusText(const StatsSample& sample);

// Prints a StatsLine in intervals.
class StatsPrinter : private Timer {
 public:
  // `interval` must be positive; `reactor` must outlive this object.
  StatsPrinter(Reactor& reactor, absl::Duration interval, TakeSample take,
               std::function<void(absl::string_view)> print);

 private:
  absl::Status OnTimer() override;

  Reactor& reactor_;
  const absl::Duration interval_;
  const TakeSample take_;
  const std::function<void(absl::string_view)> print_;
  StatsSample last_;
  absl::Duration last_at_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_STATS_H_
