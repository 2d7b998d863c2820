#include "tools/bench/statistics.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace isopoll::bench {
namespace {

double At(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const size_t below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = place - static_cast<double>(below);
  return sorted[below] * (1 - part) + sorted[above] * part;
}

}  // namespace

Quartiles QuartilesOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {At(values, 0.25), At(values, 0.5), At(values, 0.75)};
}

}  // namespace isopoll::bench
