// A word that tells a process from its children.

#ifndef ISOPOLL_POLLER_SYSTEM_PROCESS_MARK_H_
#define ISOPOLL_POLLER_SYSTEM_PROCESS_MARK_H_

#include <atomic>
#include <cstdint>

namespace isopoll {
namespace internal {

// Every child process finds it at zero, until somebody there sets it. A fact
// about the process, not state of the library. Implemented by
// process_mark_....cc.
std::atomic<uint32_t>& ProcessMark();

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_PROCESS_MARK_H_
