#include "echo/load/load_options.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace isopoll::echo {
namespace {

constexpr size_t kMostBytes = size_t{16} << 20;

bool IsRate(double rate) { return rate >= 0 && rate <= 1e9; }

}  // namespace

absl::Status CheckLoad(const LoadOptions& options) {
  absl::Status status;
  const auto expect = [&status](bool right, const auto&... words) {
    if (!right) {
      status.Update(absl::InvalidArgumentError(absl::StrCat(words...)));
    }
  };
  expect(options.connections >= 1, "a client needs at least 1 connection, not ",
         options.connections);
  expect(options.size >= 1 && options.size <= kMostBytes, "requests of ",
         options.size, " bytes; expected 1 to ", kMostBytes);
  expect(options.pipeline >= 1 && options.pipeline <= 1024, "a pipeline of ",
         options.pipeline, "; expected 1 to 1024");
  expect(IsRate(options.rate) && IsRate(options.connect_rate),
         "expected a rate of 0 to 1e9 per second");
  expect(options.reconnect_after == 0 || !options.messages,
         "expected messages or reconnect_after, not both");
  expect(options.duration > absl::ZeroDuration(),
         "the duration must be positive");
  expect(options.timeout > absl::ZeroDuration() &&
             options.datagram_timeout > absl::ZeroDuration(),
         "the timeouts must be positive");
  return status;
}

void LoadReport::CountError(LoadError kind, absl::string_view words) {
  ++errors[static_cast<int>(kind)];
  if (first_error.empty()) first_error = std::string(words);
}

void LoadReport::Merge(const LoadReport& other) {
  connections += other.connections;
  reopened += other.reopened;
  open += other.open;
  most_open += other.most_open;
  started += other.started;
  requests += other.requests;
  bytes += other.bytes;
  not_sent += other.not_sent;
  late += other.late;
  elapsed = std::max(elapsed, other.elapsed);
  latency.Merge(other.latency);
  for (int i = 0; i < kLoadErrors; ++i) errors[i] += other.errors[i];
  if (first_error.empty()) first_error = other.first_error;
}

uint64_t LoadReport::all_errors() const {
  return std::accumulate(errors.begin(), errors.end(), uint64_t{0});
}

double LoadReport::PerSecond(double what) const {
  return elapsed > absl::ZeroDuration() ? what / absl::ToDoubleSeconds(elapsed)
                                        : 0;
}

}  // namespace isopoll::echo
