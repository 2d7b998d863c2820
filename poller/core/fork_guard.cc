#include "poller/core/fork_guard.h"

#include <atomic>
#include <cstdint>

#include "poller/system/process_mark.h"

namespace isopoll {
namespace internal {
namespace {

// The mark of this process, made now if it has none.
uint32_t TakeMark() {
  // A child inherits the count, and so never has a mark of its ancestors.
  static std::atomic<uint32_t> marks{0};
  std::atomic<uint32_t>& mark = ProcessMark();
  uint32_t before = mark.load(std::memory_order_relaxed);
  if (before != 0) return before;
  const uint32_t fresh = marks.fetch_add(1, std::memory_order_relaxed) + 1;
  // Another thread may have been sooner: its mark stays.
  mark.compare_exchange_strong(before, fresh);
  return mark.load(std::memory_order_relaxed);
}

}  // namespace

ForkGuard::ForkGuard() : process_mark_(ProcessMark()), mark_(TakeMark()) {}

}  // namespace internal
}  // namespace isopoll
