#include "echo/service/counters.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace isopoll::echo {
namespace {

constexpr Statistic kStatistics[] = {
    {"accepted", "Connections accepted.", &ServerStats::accepted, false},
    {"finished", "Connections whose peer got everything back.",
     &ServerStats::finished, false},
    {"reset", "Connections whose peer went away in the middle.",
     &ServerStats::reset, false},
    {"failed", "Connections that this side could not go on with.",
     &ServerStats::failed, false},
    {"stopped", "Connections ended because the server stopped.",
     &ServerStats::stopped, false},
    {"idle", "Connections ended for their silence.", &ServerStats::idle, false},
    {"slow", "Connections ended because they took too little.",
     &ServerStats::slow, false},
    {"refused", "Connections refused for their number.", &ServerStats::refused,
     false},
    {"bytes_received", "Bytes received on connections.",
     &ServerStats::bytes_received, false},
    {"bytes_sent", "Bytes sent on connections.", &ServerStats::bytes_sent,
     false},
    {"most_owed", "The most bytes that one connection was owed at once.",
     &ServerStats::most_owed, true},
    {"accept_pauses", "How often descriptors ran out.",
     &ServerStats::accept_pauses, false},
    {"datagrams_received", "Datagrams received.",
     &ServerStats::datagrams_received, false},
    {"datagrams_sent", "Datagrams sent back.", &ServerStats::datagrams_sent,
     false},
    {"datagrams_too_long", "Datagrams too long to receive or send whole.",
     &ServerStats::datagrams_too_long, false},
    {"datagrams_no_room", "Datagrams dropped for lack of room.",
     &ServerStats::datagrams_no_room, false},
    {"datagrams_unanswerable", "Datagrams whose sender cannot be answered.",
     &ServerStats::datagrams_unanswerable, false},
    {"waits", "How often Wait has returned.", &ServerStats::waits, false},
    {"events", "Events that Wait has brought.", &ServerStats::events, false},
};

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
    mine = statistic.is_maximum ? std::max(mine, theirs) : mine + theirs;
  }
}

std::string Summary(const ServerStats& stats) {
  std::string text =
      absl::StrCat("served ", stats.accepted, " connections (", stats.finished,
                   " finished, ", stats.reset, " reset, ", stats.failed,
                   " failed, ", stats.stopped, " stopped");
  AppendUnlessZero(stats.idle, "idle", text);
  AppendUnlessZero(stats.slow, "too slow", text);
  absl::StrAppend(&text, "): ", stats.bytes_received, " bytes received, ",
                  stats.bytes_sent, " sent");
  AppendUnlessZero(stats.refused, "connections refused", text);
  if (stats.datagrams_received == 0) return text;
  absl::StrAppend(&text, "; ", stats.datagrams_received,
                  " datagrams received, ", stats.datagrams_sent, " sent");
  AppendUnlessZero(stats.datagrams_too_long, "too long", text);
  AppendUnlessZero(stats.datagrams_no_room, "without room", text);
  AppendUnlessZero(stats.datagrams_unanswerable, "unanswerable", text);
  return text;
}

ServerStats Counters::Read() const {
  ServerStats stats;
  stats.accepted = accepted.value();
  stats.finished = finished.value();
  stats.reset = reset.value();
  stats.failed = failed.value();
  stats.stopped = stopped.value();
  stats.idle = idle.value();
  stats.slow = slow.value();
  stats.refused = refused.value();
  stats.bytes_received = bytes_received.value();
  stats.bytes_sent = bytes_sent.value();
  stats.most_owed = most_owed.value();
  stats.accept_pauses = accept_pauses.value();
  stats.datagrams_received = datagrams_received.value();
  stats.datagrams_sent = datagrams_sent.value();
  stats.datagrams_too_long = datagrams_too_long.value();
  stats.datagrams_no_room = datagrams_no_room.value();
  stats.datagrams_unanswerable = datagrams_unanswerable.value();
  stats.waits = waits.value();
  stats.events = events.value();
  return stats;
}

}  // namespace isopoll::echo
