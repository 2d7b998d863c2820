#include "echo/service/counters.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace isopoll::echo {
namespace {

constexpr Statistic kStatistics[] = {
#define ISOPOLL_ECHO_ROW(name, help, merge) \
  {#name, help, Statistic::Merge::merge, &ServerStats::name},
    ISOPOLL_ECHO_STATISTICS(ISOPOLL_ECHO_ROW)
#undef ISOPOLL_ECHO_ROW
};

// "1 byte", "2 bytes".
std::string Count(uint64_t count, absl::string_view what) {
  return absl::StrCat(count, " ", what, count == 1 ? "" : "s");
}

std::string UnlessZero(uint64_t count, absl::string_view what) {
  return count == 0 ? "" : absl::StrCat(", ", count, " ", what);
}

}  // namespace

absl::Span<const Statistic> AllStatistics() { return kStatistics; }

const Statistic& StatisticOf(Ending ending) {
  return kStatistics[1 + static_cast<int>(ending)];
}

void Merge(const ServerStats& other, ServerStats& stats) {
  for (const Statistic& statistic : kStatistics) {
    uint64_t& mine = stats.*statistic.value;
    const uint64_t theirs = other.*statistic.value;
    mine = statistic.merge == Statistic::Merge::kSum ? mine + theirs
                                                     : std::max(mine, theirs);
  }
}

std::string Summary(const ServerStats& stats) {
  std::string text = absl::StrCat(
      "served ", Count(stats.accepted, "connection"), " (", stats.finished,
      " finished, ", stats.reset, " reset, ", stats.failed, " failed, ",
      stats.stopped, " stopped", UnlessZero(stats.idle, "idle"),
      "): ", Count(stats.bytes_received, "byte"), " received, ",
      stats.bytes_sent, " sent", UnlessZero(stats.refused, "refused"));
  if (stats.datagrams_received == 0) return text;
  return absl::StrCat(text, "; ", Count(stats.datagrams_received, "datagram"),
                      " received, ", stats.datagrams_sent, " sent",
                      UnlessZero(stats.datagrams_too_long, "too long"),
                      UnlessZero(stats.datagrams_no_room, "without room"),
                      UnlessZero(stats.datagrams_unanswerable, "unanswerable"),
                      UnlessZero(stats.datagrams_limited, "beyond the rate"));
}

}  // namespace isopoll::echo
