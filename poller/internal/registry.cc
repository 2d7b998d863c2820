#include "poller/internal/registry.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "poller/interest.h"

namespace isopoll {
namespace internal {

Registration& Registry::Insert(int fd, uint32_t generation) {
  const size_t index = static_cast<size_t>(fd);
  if (index >= table_.size()) table_.resize(index + 1);
  Registration& registration = table_[index];
  registration.registered = true;
  registration.generation = generation;
  registration.reported_in = 0;
  MarkChanged(registration);
  size_.fetch_add(1, std::memory_order_relaxed);
  return registration;
}

void Registry::Erase(Registration& registration) {
  registration.registered = false;
  registration.interest = kNone;
  registration.applied = kNone;
  MarkChanged(registration);
  size_.fetch_sub(1, std::memory_order_relaxed);
}

void Registry::Queue(int fd, Registration& registration) {
  if (registration.queued) return;
  registration.queued = true;
  queue_.push_back(fd);
}

}  // namespace internal
}  // namespace isopoll
