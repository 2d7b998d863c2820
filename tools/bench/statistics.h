// Quartiles of what was measured.

#ifndef ISOPOLL_TOOLS_BENCH_STATISTICS_H_
#define ISOPOLL_TOOLS_BENCH_STATISTICS_H_

#include <vector>

namespace isopoll::bench {

struct Quartiles {
  double lower;
  double median;
  double upper;
};

// Of at least one value; between two values where a quartile falls there.
Quartiles QuartilesOf(std::vector<double> values);

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_STATISTICS_H_
