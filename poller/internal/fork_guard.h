// ForkGuard: tells whether this process is still the one that made an object.

#ifndef ISOPOLL_POLLER_INTERNAL_FORK_GUARD_H_
#define ISOPOLL_POLLER_INTERNAL_FORK_GUARD_H_

#include <atomic>
#include <cstdint>

namespace isopoll {
namespace internal {

// Costs a load and a comparison where getpid(2) costs a system call. Sees every
// fork(3), which runs the handlers of pthread_atfork(3); a child made by a raw
// clone(2) is taken for its parent.
class ForkGuard {
 public:
  ForkGuard();

  // Whether the object was made by an ancestor of this process. May be called
  // from any thread and from a signal handler.
  bool InChild() const {
    return forks_.load(std::memory_order_relaxed) != forks_at_creation_;
  }

 private:
  static void CountFork();

  // How many forks lie between the first process and this one. A fact about the
  // process, not state of the library: it cannot be an object's member, since
  // the handler has no argument.
  static std::atomic<uint32_t> forks_;

  uint32_t forks_at_creation_;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_FORK_GUARD_H_
