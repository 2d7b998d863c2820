#include <sys/utsname.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tools/bench/cases.h"
#include "tools/bench/figure.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {
namespace {

std::string Quoted(absl::string_view text) {
  return absl::StrCat(
      "\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}

// "model name\t: AMD EPYC" of /proc/cpuinfo.
std::string Processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (absl::StartsWith(line, "model name") && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

std::string Machine() {
  utsname system;
  const bool known = ::uname(&system) == 0;
  return absl::StrCat(
      "{\"processor\": ", Quoted(Processor()),
      ", \"processors\": ", std::thread::hardware_concurrency(),
      ", \"system\": ",
      Quoted(known ? absl::StrCat(system.sysname, " ", system.release) : ""),
      ", \"compiler\": ", Quoted(__VERSION__), "}");
}

std::string JsonOf(const Figure& figure) {
  const Comparison& result = figure.comparison;
  return absl::StrFormat(
      "{\"workload\": %s, \"case\": %s, \"watched\": %d, \"active\": %d, "
      "\"bytes\": %d, \"subject\": %s, \"library\": %s, \"baseline\": %s, "
      "\"ratio\": %.5g, \"lower\": %.5g, \"upper\": %.5g, \"cost\": %.5g, "
      "\"base_cost\": %.5g}",
      Quoted(WorkloadName(figure.c.workload)), Quoted(CaseName(figure.c)),
      figure.c.watched, figure.c.active, figure.c.bytes, Quoted(figure.subject),
      Quoted(figure.library), Quoted(figure.baseline), result.ratio.median,
      result.ratio.lower, result.ratio.upper, result.cost, result.base_cost);
}

}  // namespace

std::string JsonOf(const std::vector<Figure>& figures, const Effort& effort) {
  std::string json = absl::StrCat(
      "{\"machine\": ", Machine(), ",\n\"date\": ",
      Quoted(absl::FormatTime("%Y-%m-%d", absl::Now(), absl::UTCTimeZone())),
      ",\n\"rounds\": ", effort.rounds,
      ",\n\"slice_ms\": ", absl::ToDoubleMilliseconds(effort.slice),
      ",\n\"figures\": [");
  const char* separator = "\n";
  for (const Figure& figure : figures) {
    absl::StrAppend(&json, separator, JsonOf(figure));
    separator = ",\n";
  }
  return absl::StrCat(json, "\n]}\n");
}

}  // namespace isopoll::bench
