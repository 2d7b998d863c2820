// ForkGuard: tells whether this process is still the one that made an object.

#ifndef ISOPOLL_POLLER_INTERNAL_FORK_GUARD_H_
#define ISOPOLL_POLLER_INTERNAL_FORK_GUARD_H_

#include <atomic>
#include <cstdint>

namespace isopoll {
namespace internal {

// Costs two loads and a comparison where getpid(2) costs a system call.
class ForkGuard {
 public:
  ForkGuard();

  // Whether the object was made by an ancestor of this process. May be called
  // from any thread and from a signal handler.
  bool InChild() const {
    return process_mark_.load(std::memory_order_relaxed) != mark_;
  }

 private:
  const std::atomic<uint32_t>& process_mark_;
  uint32_t mark_;
};

// A word that every child process finds at zero, until it makes a ForkGuard of
// its own. A fact about the process, not state of the library. Implemented by
// process_mark_....cc.
std::atomic<uint32_t>& ProcessMark();

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_FORK_GUARD_H_
