// Must: what the benchmark does about a failure that leaves nothing to measure.

#ifndef ISOPOLL_TOOLS_BENCH_MUST_H_
#define ISOPOLL_TOOLS_BENCH_MUST_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace isopoll::bench {

// Ends the program, saying what failed and, if errno is set, why.
[[noreturn]] void Fail(const char* what);

inline void Must(bool done, const char* what) {
  if (!done) Fail(what);
}

inline void Must(const absl::Status& status) {
  if (!status.ok()) Fail(status.ToString().c_str());
}

template <typename T>
T Must(absl::StatusOr<T> value) {
  Must(value.status());
  return *std::move(value);
}

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_MUST_H_
