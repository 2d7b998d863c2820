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

absl::string_view Plural(uint64_t count) { return count == 1 ? "" : "s"; }

void AppendUnlessZero(uint64_t count, absl::string_view what,
                      std::string& text) {
  if (count > 0) absl::StrAppend(&text, ", ", count, " ", what);
}

}  // namespace

absl::Span<const Statistic> AllStatistics() { return kStatistics; }

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
      "served ", stats.accepted, " connection", Plural(stats.accepted), " (",
      stats.finished, " finished, ", stats.reset, " reset, ", stats.failed,
      " failed, ", stats.stopped, " stopped");
  AppendUnlessZero(stats.idle, "idle", text);
  absl::StrAppend(&text, "): ", stats.bytes_received, " byte",
                  Plural(stats.bytes_received), " received, ", stats.bytes_sent,
                  " sent");
  AppendUnlessZero(stats.refused, "refused", text);
  if (stats.datagrams_received == 0) return text;
  absl::StrAppend(&text, "; ", stats.datagrams_received, " datagram",
                  Plural(stats.datagrams_received), " received, ",
                  stats.datagrams_sent, " sent");
  AppendUnlessZero(stats.datagrams_too_long, "too long", text);
  AppendUnlessZero(stats.datagrams_no_room, "without room", text);
  AppendUnlessZero(stats.datagrams_unanswerable, "unanswerable", text);
  AppendUnlessZero(stats.datagrams_limited, "beyond the rate", text);
  return text;
}

ServerStats Counters::Read() const {
  ServerStats stats;
#define ISOPOLL_ECHO_READ(name, help, merge) stats.name = name.value();
  ISOPOLL_ECHO_STATISTICS(ISOPOLL_ECHO_READ)
#undef ISOPOLL_ECHO_READ
  return stats;
}

}  // namespace isopoll::echo
