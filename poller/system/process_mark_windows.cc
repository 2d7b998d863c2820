// There is no fork: no process is the child of one that had pollers.

#include <atomic>
#include <cstdint>

#include "poller/system/process_mark.h"

namespace isopoll {
namespace internal {

std::atomic<uint32_t>& ProcessMark() {
  static std::atomic<uint32_t> mark{0};
  return mark;
}

}  // namespace internal
}  // namespace isopoll
