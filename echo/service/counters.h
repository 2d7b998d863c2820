// ServerStats: what a server has done, in numbers.

#ifndef ISOPOLL_ECHO_SERVICE_COUNTERS_H_
#define ISOPOLL_ECHO_SERVICE_COUNTERS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// The one list of them: name, meaning, and how those of several threads are put
// together. `accepted` is the sum of the next five, in the order of Ending,
// once Run has returned, and `datagrams_received` that of the next five.
#define ISOPOLL_ECHO_STATISTICS(X)                                        \
  X(accepted, "Connections accepted.", kSum)                              \
  X(finished, "Connections whose peer got everything back.", kSum)        \
  X(reset, "Connections whose peer went away in the middle.", kSum)       \
  X(failed, "Connections that this side could not go on with.", kSum)     \
  X(stopped, "Connections ended because the server stopped.", kSum)       \
  X(idle, "Connections ended because they made no progress.", kSum)       \
  X(refused, "Connections beyond the limit, closed at once.", kSum)       \
  X(bytes_received, "Bytes received on connections.", kSum)               \
  X(bytes_sent, "Bytes sent on connections.", kSum)                       \
  X(most_pending, "The most bytes pending for one connection.", kMaximum) \
  X(accept_pauses, "How often descriptors ran out.", kSum)                \
  X(datagrams_received, "Datagrams received.", kSum)                      \
  X(datagrams_sent, "Datagrams sent back.", kSum)                         \
  X(datagrams_too_long, "Datagrams too long to receive or send.", kSum)   \
  X(datagrams_no_room, "Datagrams dropped for lack of room.", kSum)       \
  X(datagrams_unanswerable, "Datagrams whose sender gets none.", kSum)    \
  X(datagrams_limited, "Datagrams too often the same.", kSum)             \
  X(waits, "How often Wait has returned.", kSum)                          \
  X(events, "Events that Wait has brought.", kSum)

namespace isopoll::echo {

struct ServerStats {
#define ISOPOLL_ECHO_FIELD(name, help, merge) uint64_t name = 0;
  ISOPOLL_ECHO_STATISTICS(ISOPOLL_ECHO_FIELD)
#undef ISOPOLL_ECHO_FIELD
};

// One of them, of which there is a table.
struct Statistic {
  enum class Merge { kSum, kMaximum };

  absl::string_view name;
  absl::string_view help;
  Merge merge;
  uint64_t ServerStats::*value;
};
absl::Span<const Statistic> AllStatistics();

// How a connection came to its end.
enum class Ending {
  kFinished,  // the peer finished, and got everything back
  kReset,     // the peer went away in the middle
  kFailed,    // this side could not go on; the status says why
  kStopped,   // the server was stopped
  kIdle,      // it made no progress for too long
};
// What counts it; its name, "finished" or the like, is the ending's too.
const Statistic& StatisticOf(Ending ending);

// Adds what another thread has done.
void Merge(const ServerStats& other, ServerStats& stats);

// "served 2 connections (2 finished, 0 reset, ...". What is usually zero is
// left out while it is.
std::string Summary(const ServerStats& stats);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_COUNTERS_H_
