// Systems that clear no memory for a child. One that was made without the
// handlers of pthread_atfork(3), by _Fork(3) or a system call, is taken for its
// parent.

#include <pthread.h>

#include <atomic>
#include <cstdint>

#include "poller/system/process_mark.h"

namespace isopoll {
namespace internal {
namespace {

std::atomic<uint32_t> mark{0};

}  // namespace

std::atomic<uint32_t>& ProcessMark() {
  // Fails only when out of memory.
  static const int registered = ::pthread_atfork(
      nullptr, nullptr, [] { mark.store(0, std::memory_order_relaxed); });
  static_cast<void>(registered);
  return mark;
}

}  // namespace internal
}  // namespace isopoll
