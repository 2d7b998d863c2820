#include "tools/bench/compare.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/time/time.h"
#include "tools/bench/scene.h"
#include "tools/bench/statistics.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {
namespace {

// Measures one subject, with as many operations as a slice has time for.
class Meter {
 public:
  Meter(const Case& c, Scene& scene, const Subject& subject,
        absl::Duration slice)
      : case_(c), scene_(scene), slice_(subject.slice(c.workload)) {
    const double target = absl::ToDoubleNanoseconds(slice);
    double time = slice_(case_, scene_, count_);
    while (time < target / 2) {
      const double growth = std::min(target / std::max(time, 1.0), 16.0);
      count_ = static_cast<size_t>(static_cast<double>(count_) * growth) + 1;
      time = slice_(case_, scene_, count_);
    }
  }

  // The cost of one operation.
  double Measure() const {
    return slice_(case_, scene_, count_) / static_cast<double>(count_);
  }

 private:
  const Case& case_;
  Scene& scene_;
  const Slice slice_;
  size_t count_ = 16;
};

Comparison CompareMemory(const Case& c, Scene& scene, const Subject& baseline,
                         const Subject& subject) {
  const double base = baseline.slice(c.workload)(c, scene, 1);
  const double cost = subject.slice(c.workload)(c, scene, 1);
  const double ratio = cost / base;
  return {{ratio, ratio, ratio}, cost, base};
}

}  // namespace

Comparison Compare(const Case& c, Scene& scene, const Subject& baseline,
                   const Subject& subject, const Effort& effort) {
  if (c.workload == Workload::kMemory) {
    return CompareMemory(c, scene, baseline, subject);
  }
  const Meter a(c, scene, baseline, effort.slice);
  const Meter b(c, scene, subject, effort.slice);
  std::vector<double> ratios;
  std::vector<double> costs;
  std::vector<double> base_costs;
  for (size_t i = 0; i < effort.rounds; ++i) {
    const double a1 = a.Measure();
    const double b1 = b.Measure();
    const double b2 = b.Measure();
    const double a2 = a.Measure();
    ratios.push_back((b1 + b2) / (a1 + a2));
    costs.push_back((b1 + b2) / 2);
    base_costs.push_back((a1 + a2) / 2);
  }
  return {QuartilesOf(ratios), QuartilesOf(costs).median,
          QuartilesOf(base_costs).median};
}

}  // namespace isopoll::bench
