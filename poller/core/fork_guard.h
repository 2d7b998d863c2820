// ForkGuard: tells whether this process is still the one that made an object.

#ifndef ISOPOLL_POLLER_CORE_FORK_GUARD_H_
#define ISOPOLL_POLLER_CORE_FORK_GUARD_H_

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

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_FORK_GUARD_H_
