#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/bench/cases.h"
#include "tools/bench/figure.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {
namespace {

const Figure* NoiseOf(const Figure& figure,
                      const std::vector<Figure>& figures) {
  for (const Figure& other : figures) {
    if (other.noise() && other.subject == figure.baseline &&
        CaseName(other.c) == CaseName(figure.c)) {
      return &other;
    }
  }
  return nullptr;
}

std::string Row(const Figure& figure, const Figure* noise) {
  const Comparison& result = figure.comparison;
  std::string row = absl::StrFormat("  %-16s %9.3f  %7.3f to %-9.3f",
                                    figure.subject, result.ratio.median,
                                    result.ratio.lower, result.ratio.upper);
  absl::StrAppend(
      &row, noise == nullptr
                ? std::string(7, ' ')
                : absl::StrFormat("%7.3f", noise->comparison.ratio.median));
  absl::StrAppendFormat(&row, " %12.1f\n", result.cost);
  return row;
}

}  // namespace

std::string TableOf(const std::vector<Figure>& figures) {
  std::string table =
      "                       ratio        quartiles          A/A   "
      "ns (memory: bytes)\n";
  std::string last;
  for (const Figure& figure : figures) {
    const std::string name = CaseName(figure.c);
    if (name != last) absl::StrAppend(&table, name, "\n");
    last = name;
    absl::StrAppend(&table, Row(figure, NoiseOf(figure, figures)));
  }
  return table;
}

}  // namespace isopoll::bench
