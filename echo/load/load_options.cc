#include "echo/load/load_options.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace isopoll::echo {
namespace {

constexpr size_t kMostBytes = size_t{16} << 20;
constexpr int kMostPipelined = 1024;

absl::Status Wrong(absl::string_view what, absl::string_view expected) {
  return absl::InvalidArgumentError(
      absl::StrCat(what, "; expected ", expected));
}

absl::Status CheckTimes(const LoadOptions& options) {
  if (options.duration <= absl::ZeroDuration()) {
    return Wrong("a load of no duration", "a positive time");
  }
  if (options.timeout <= absl::ZeroDuration() ||
      options.datagram_timeout <= absl::ZeroDuration()) {
    return Wrong("a timeout of nothing", "a positive time");
  }
  if (options.duration == absl::InfiniteDuration() && !options.messages) {
    return Wrong("a load without end", "a duration or a number of messages");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckLoad(const LoadOptions& options) {
  if (options.connections < 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a client needs at least 1 connection, not ", options.connections));
  }
  if (options.size < 1 || options.size > kMostBytes) {
    return Wrong(absl::StrCat("requests of ", options.size, " bytes"),
                 absl::StrCat("1 to ", kMostBytes));
  }
  if (options.pipeline < 1 || options.pipeline > kMostPipelined) {
    return Wrong(absl::StrCat("a pipeline of ", options.pipeline),
                 absl::StrCat("1 to ", kMostPipelined));
  }
  for (const double rate : {options.rate, options.connect_rate}) {
    if (!(rate >= 0 && rate <= 1e9)) {
      return Wrong(absl::StrCat("a rate of ", rate), "0 to 1e9 per second");
    }
  }
  if (options.reconnect_after > 0 && options.messages) {
    return Wrong("both messages and reconnect_after", "one of them");
  }
  return CheckTimes(options);
}

absl::string_view LoadErrorName(LoadError error) {
  switch (error) {
    case LoadError::kConnect:
      return "connect";
    case LoadError::kReset:
      return "reset";
    case LoadError::kClosed:
      return "closed";
    case LoadError::kTimeout:
      return "timeout";
    case LoadError::kWrongByte:
      return "wrong_byte";
    case LoadError::kSurplus:
      return "surplus";
    case LoadError::kLost:
      return "lost";
    case LoadError::kOther:
      return "other";
  }
  return "unknown";
}

void LoadReport::CountError(LoadError kind, absl::string_view words) {
  ++errors[static_cast<int>(kind)];
  if (first_error.empty()) first_error = std::string(words);
}

void LoadReport::Merge(const LoadReport& other) {
  connections += other.connections;
  reopened += other.reopened;
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

double LoadReport::requests_per_second() const {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  return seconds > 0 ? static_cast<double>(requests) / seconds : 0;
}

double LoadReport::megabytes_per_second() const {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  return seconds > 0 ? static_cast<double>(bytes) / seconds / 1e6 : 0;
}

}  // namespace isopoll::echo
