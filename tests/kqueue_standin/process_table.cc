#include "tests/kqueue_standin/process_table.h"

#include <unistd.h>

#include <atomic>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "tests/kqueue_standin/kernel_mutex.h"
#include "tests/kqueue_standin/queue.h"

namespace isopoll::kqueue_standin {
namespace {

// Never deleted: descriptors are closed until the process ends. A child leaves
// its parent's alone, whose locks may be held by threads that it has not.
std::atomic<ProcessTable*> current{nullptr};

}  // namespace

ProcessTable* ProcessTable::Find() {
  ProcessTable* const table = current.load(std::memory_order_acquire);
  const bool ours = table != nullptr && table->owner_ == ::getpid();
  return ours ? table : nullptr;
}

ProcessTable& ProcessTable::Get() {
  ProcessTable* known = current.load(std::memory_order_acquire);
  while (known == nullptr || known->owner_ != ::getpid()) {
    auto* const fresh = new ProcessTable(::getpid());
    if (current.compare_exchange_strong(known, fresh)) return *fresh;
    delete fresh;
  }
  return *known;
}

void ProcessTable::Enter(int number, std::shared_ptr<Queue> queue) {
  const KernelLock lock(&mutex_);
  queues_[static_cast<unsigned>(number)].swap(queue);
}

std::shared_ptr<Queue> ProcessTable::QueueAt(int number) {
  const KernelLock lock(&mutex_);
  const auto found = queues_.find(static_cast<unsigned>(number));
  return found == queues_.end() ? nullptr : found->second;
}

void ProcessTable::Closing(unsigned first, unsigned last) {
  // They are released without the lock: their descriptors are closed then.
  std::vector<std::shared_ptr<Queue>> ending;
  std::vector<std::shared_ptr<Queue>> others;
  {
    const KernelLock lock(&mutex_);
    for (auto it = queues_.begin(); it != queues_.end();) {
      const bool ends = it->first >= first && it->first <= last;
      (ends ? ending : others).push_back(it->second);
      it = ends ? queues_.erase(it) : std::next(it);
    }
  }
  for (const std::shared_ptr<Queue>& queue : ending) queue->End();
  for (const std::shared_ptr<Queue>& queue : others) queue->Forget(first, last);
}

void ProcessTable::LowWaterMarkMoves(int fd) {
  const KernelLock lock(&mutex_);
  for (const auto& [number, queue] : queues_) queue->LowWaterMarkMoves(fd);
}

}  // namespace isopoll::kqueue_standin
