#include "echo/service/stats.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace isopoll::echo {

std::string StatsLine(const StatsSample& before, const StatsSample& after) {
  const double seconds = absl::ToDoubleSeconds(after.at - before.at);
  const auto change = [&](uint64_t ServerStats::*value) {
    return static_cast<double>(after.totals.*value - before.totals.*value);
  };
  const double waits = change(&ServerStats::waits);
  const double events = change(&ServerStats::events);
  return absl::StrFormat(
      "stats: %d open, %.0f accepted/s, %.2f MB/s in, %.2f MB/s out, %.0f "
      "datagrams/s, %.1f events per Wait, %.0f Waits/s",
      after.connections, change(&ServerStats::accepted) / seconds,
      change(&ServerStats::bytes_received) / seconds / 1e6,
      change(&ServerStats::bytes_sent) / seconds / 1e6,
      change(&ServerStats::datagrams_received) / seconds,
      waits == 0 ? 0.0 : events / waits, waits / seconds);
}

std::string PrometheusText(const StatsSample& sample) {
  std::string text = absl::StrCat(
      "# HELP echo_connections Connections open now.\n"
      "# TYPE echo_connections gauge\n"
      "echo_connections ",
      sample.connections, "\n");
  for (const Statistic& statistic : AllStatistics()) {
    const bool sum = statistic.merge == Statistic::Merge::kSum;
    const std::string name =
        absl::StrCat("echo_", statistic.name, sum ? "_total" : "");
    absl::StrAppend(&text, "# HELP ", name, " ", statistic.help, "\n# TYPE ",
                    name, sum ? " counter\n" : " gauge\n", name, " ",
                    sample.totals.*statistic.value, "\n");
  }
  absl::StrAppend(&text,
                  "# HELP echo_info What the service waits with.\n"
                  "# TYPE echo_info gauge\n"
                  "echo_info{backend=\"",
                  sample.backend, "\"} 1\n");
  return text;
}

}  // namespace isopoll::echo
