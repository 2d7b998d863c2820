// LoadOptions: what a load consists of. LoadReport: what became of it.

#ifndef ISOPOLL_ECHO_LOAD_LOAD_OPTIONS_H_
#define ISOPOLL_ECHO_LOAD_LOAD_OPTIONS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "echo/load/histogram.h"

namespace isopoll::echo {

struct LoadOptions {
  int connections = 1;    // at least 1
  size_t size = 64;       // bytes in a request, 1 to 16 MiB
  int pipeline = 1;       // requests on their way on one connection, 1 to 1024
  uint64_t messages = 0;  // requests on each connection; 0: until `duration`
  double rate =
      0;  // requests per second of all together; 0: as fast as it goes
  // After so many requests a connection is closed and another opened in its
  // place, until `duration`; 0: never. Then `messages` must be 0.
  uint64_t reconnect_after = 0;

  // How long requests are sent; infinite if `messages` says when it is enough.
  absl::Duration duration = absl::InfiniteDuration();
  // How long a connection may take to come about, a stream to bring the next
  // byte that is owed, and the whole to end after `duration`.
  absl::Duration timeout = absl::Seconds(10);
  // When a datagram that is not back counts as lost.
  absl::Duration datagram_timeout = absl::Seconds(1);
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
constexpr int kLoadErrors = 8;
// "connect", "reset", "closed", "timeout", "wrong_byte", ...
absl::string_view LoadErrorName(LoadError error);

struct LoadReport {
  uint64_t connections = 0;  // that were opened
  uint64_t most_open = 0;    // at the same time
  uint64_t requests = 0;     // that came back, every byte right
  uint64_t bytes = 0;        // that came back, right
  uint64_t late = 0;         // datagrams that came back after their timeout
  absl::Duration elapsed;    // from the first request to the last answer
  Histogram latency;         // nanoseconds
  std::array<uint64_t, kLoadErrors> errors = {};
  std::string first_error;  // in words; empty if there was none

  uint64_t error(LoadError kind) const {
    return errors[static_cast<int>(kind)];
  }
  uint64_t all_errors() const;
  double requests_per_second() const;
  // In one direction.
  double megabytes_per_second() const;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_LOAD_OPTIONS_H_
