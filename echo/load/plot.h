// A picture of a distribution of latencies.

#ifndef ISOPOLL_ECHO_LOAD_PLOT_H_
#define ISOPOLL_ECHO_LOAD_PLOT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "echo/load/histogram.h"

namespace isopoll::echo {

// An SVG document: the latency over the percentile, with as much room for the
// step from 99 to 99.9 as for that from 90 to 99, and logarithmic upwards.
// `latency` is in nanoseconds.
std::string PlotSvg(const Histogram& latency, absl::string_view title);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_PLOT_H_
