// ServerStats: what a server has done, in numbers. Counters: how they are kept.

#ifndef ISOPOLL_ECHO_SERVICE_COUNTERS_H_
#define ISOPOLL_ECHO_SERVICE_COUNTERS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace isopoll::echo {

struct ServerStats {
  uint64_t accepted = 0;  // the sum of the next six, once Run has returned
  uint64_t finished = 0;
  uint64_t reset = 0;
  uint64_t failed = 0;
  uint64_t stopped = 0;
  uint64_t idle = 0;
  uint64_t slow = 0;
  uint64_t refused = 0;  // one connection too many; not accepted
  uint64_t bytes_received = 0;
  uint64_t bytes_sent = 0;
  uint64_t most_owed = 0;      // the most that was owed to one peer at once
  uint64_t accept_pauses = 0;  // how often descriptors ran out
  uint64_t datagrams_received = 0;  // the sum of the next four
  uint64_t datagrams_sent = 0;
  uint64_t datagrams_too_long = 0;      // cut short, or too long to send back
  uint64_t datagrams_no_room = 0;       // no room to send them back just then
  uint64_t datagrams_unanswerable = 0;  // nobody there, or nobody to answer
  uint64_t waits = 0;                   // how often Poller::Wait has returned
  uint64_t events = 0;                  // and with how many events in all
};

// One number of ServerStats, and what to call it.
struct Statistic {
  absl::string_view name;  // "bytes_received"
  absl::string_view help;
  uint64_t ServerStats::*value;
  bool is_maximum;  // of several threads the most counts, not the sum
};
absl::Span<const Statistic> AllStatistics();

// Adds what another thread has done.
void Merge(const ServerStats& other, ServerStats& stats);

// "served 2 connections (2 finished, 0 reset, ...". What is usually zero is
// left out while it is.
std::string Summary(const ServerStats& stats);

// A number that one thread changes and any may read.
class Counter {
 public:
  void Add(uint64_t count = 1) { Set(value() + count); }
  void Raise(uint64_t value_at_least) {
    if (value_at_least > value()) Set(value_at_least);
  }
  void Set(uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

// ServerStats, kept by one thread, read by any.
struct Counters {
  Counter accepted, finished, reset, failed, stopped, idle, slow, refused;
  Counter bytes_received, bytes_sent, most_owed, accept_pauses;
  Counter datagrams_received, datagrams_sent, datagrams_too_long;
  Counter datagrams_no_room, datagrams_unanswerable;
  Counter waits, events;

  ServerStats Read() const;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_COUNTERS_H_
