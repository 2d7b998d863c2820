#include "poller/internal/fork_guard.h"

#include <pthread.h>

#include <atomic>
#include <cstdint>

namespace isopoll {
namespace internal {
namespace {

// How many forks lie between the first process and this one. A fact about the
// process, not state of the library: it cannot be an object's member, since the
// handler has no argument.
std::atomic<uint32_t> forks{0};

void CountFork() { forks.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

ForkGuard::ForkGuard() {
  static const int registered = ::pthread_atfork(nullptr, nullptr, &CountFork);
  static_cast<void>(registered);  // fails only when out of memory
  forks_at_creation_ = forks.load(std::memory_order_relaxed);
}

bool ForkGuard::InChild() const {
  return forks.load(std::memory_order_relaxed) != forks_at_creation_;
}

}  // namespace internal
}  // namespace isopoll
