#include "tests/support/thread_handle.h"

#include <cstdint>

#include "absl/time/time.h"

namespace isopoll::tests {
namespace {

absl::Duration FromFileTime(FILETIME time) {
  const int64_t ticks = int64_t{time.dwHighDateTime} << 32 | time.dwLowDateTime;
  return ticks * absl::Nanoseconds(100);
}

}  // namespace

ThreadUsage UsageOf(HANDLE thread) {
  FILETIME created = {}, ended = {}, kernel = {}, user = {};
  ::GetThreadTimes(thread, &created, &ended, &kernel, &user);
  return {FromFileTime(kernel) + FromFileTime(user), 0};
}

}  // namespace isopoll::tests
