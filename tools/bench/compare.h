// Compare: two subjects on one case, in turns.

#ifndef ISOPOLL_TOOLS_BENCH_COMPARE_H_
#define ISOPOLL_TOOLS_BENCH_COMPARE_H_

#include <cstddef>

#include "absl/time/time.h"
#include "tools/bench/scene.h"
#include "tools/bench/statistics.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {

struct Comparison {
  Quartiles ratio;   // the subject's cost over the baseline's
  double cost;       // of one operation of the subject, the median
  double base_cost;  // of the baseline's
};

struct Effort {
  size_t rounds;
  absl::Duration slice;  // how long about one measurement takes
};

// In each round measures baseline, subject, subject, baseline, for what drifts
// during a round to strike both alike, and takes the ratio of the sums. With
// the baseline as subject, the ratio is what the machine's noise looks like.
Comparison Compare(const Case& c, Scene& scene, const Subject& baseline,
                   const Subject& subject, const Effort& effort);

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_COMPARE_H_
