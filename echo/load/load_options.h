// LoadOptions: what a load consists of. LoadReport: what became of it.

#ifndef ISOPOLL_ECHO_LOAD_LOAD_OPTIONS_H_
#define ISOPOLL_ECHO_LOAD_LOAD_OPTIONS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "echo/load/histogram.h"
#include "isopoll/net/options.h"
#include "isopoll/net/socket_address.h"

namespace isopoll::echo {

struct LoadOptions {
  int connections = 1;  // at least 1
  size_t size = 64;     // bytes in a request, 1 to 16 MiB
  int pipeline = 1;     // requests on their way on one connection, 1 to 1024
  // Requests on each connection; without it, until `duration`.
  std::optional<uint64_t> messages;
  // Requests per second of all together; 0: as fast as it goes.
  double rate = 0;
  // Connections opened per second in the beginning; 0: as fast as it goes.
  double connect_rate = 0;
  // After so many requests a connection is closed and another opened in its
  // place, until `duration`; 0: never. Then there must be no `messages`.
  uint64_t reconnect_after = 0;

  // How long requests are sent. A connection that breaks meanwhile is opened
  // again, the sooner the more has come back on it: after 10 ms to 1 s.
  absl::Duration duration = absl::InfiniteDuration();
  // How long a connection may take to come about, a stream to bring the next
  // byte that is expected, and the whole to end after `duration`.
  absl::Duration timeout = absl::Seconds(10);
  // When a datagram that is not back counts as lost.
  absl::Duration datagram_timeout = absl::Seconds(1);

  // Where connections come from, in turn; empty: the kernel chooses.
  std::vector<SocketAddress> sources;
  SocketOptions socket = NoDelay();

  static SocketOptions NoDelay() {
    SocketOptions options;
    options.no_delay = true;
    return options;
  }
};

absl::Status CheckLoad(const LoadOptions& options);

// What can go wrong with a connection, or a datagram.
enum class LoadError {
  kConnect,    // no connection came about
  kReset,      // it broke
  kClosed,     // the server closed it before everything was back
  kTimeout,    // nothing came back for too long
  kWrongByte,  // what came back is not what was sent
  kSurplus,    // more came back than was sent
  kLost,       // a datagram never came back
  kOther,
};
constexpr absl::string_view kLoadErrorNames[] = {
    "connect",    "reset",   "closed", "timeout",
    "wrong_byte", "surplus", "lost",   "other"};
constexpr int kLoadErrors = 8;

struct LoadReport {
  uint64_t connections = 0;  // that were opened
  uint64_t reopened = 0;     // how often one that broke was tried again
  uint64_t open = 0;         // now, or about to be
  uint64_t most_open = 0;    // at the same time
  uint64_t started = 0;      // requests
  uint64_t requests = 0;     // that came back, every byte right
  uint64_t bytes = 0;        // that came back, right
  uint64_t not_sent = 0;     // requests that were due and never started
  uint64_t late = 0;         // datagrams that came back after their timeout
  // From the first request to the last answer; with a duration, at least that,
  // or until it was stopped. Zero while it connects.
  absl::Duration elapsed;
  // Nanoseconds. A request that was given up counts with how long that took.
  Histogram latency;
  std::array<uint64_t, kLoadErrors> errors = {};
  std::string first_error;  // in words; empty if there was none

  void CountError(LoadError kind, absl::string_view words);
  // Adds what another thread has done at the same time.
  void Merge(const LoadReport& other);

  uint64_t error(LoadError kind) const {
    return errors[static_cast<int>(kind)];
  }
  uint64_t all_errors() const;
  double PerSecond(double what) const;
  double requests_per_second() const { return PerSecond(requests); }
  // In one direction.
  double megabytes_per_second() const { return PerSecond(bytes / 1e6); }
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_LOAD_OPTIONS_H_
