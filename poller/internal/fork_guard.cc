#include "poller/internal/fork_guard.h"

#include <pthread.h>

#include <atomic>
#include <cstdint>

namespace isopoll {
namespace internal {

std::atomic<uint32_t> ForkGuard::forks_{0};

void ForkGuard::CountFork() { forks_.fetch_add(1, std::memory_order_relaxed); }

ForkGuard::ForkGuard() {
  static const int registered = ::pthread_atfork(nullptr, nullptr, &CountFork);
  static_cast<void>(registered);  // fails only when out of memory
  forks_at_creation_ = forks_.load(std::memory_order_relaxed);
}

}  // namespace internal
}  // namespace isopoll
