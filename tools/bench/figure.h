// Figure: what came of one comparison.

#ifndef ISOPOLL_TOOLS_BENCH_FIGURE_H_
#define ISOPOLL_TOOLS_BENCH_FIGURE_H_

#include <string>
#include <vector>

#include "tools/bench/compare.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {

struct Figure {
  Case c;
  std::string subject;
  std::string library;
  std::string baseline;
  Comparison comparison;

  // Compared with itself, a baseline shows the noise (A/A).
  bool noise() const { return subject == baseline; }
};

// A line for each figure: ratio, quartiles, noise, cost.
std::string TableOf(const std::vector<Figure>& figures);

// The same for programs, with what they were measured on and how.
std::string JsonOf(const std::vector<Figure>& figures, const Effort& effort);

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_FIGURE_H_
