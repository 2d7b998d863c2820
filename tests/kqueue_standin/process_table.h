// ProcessTable: which numbers are queues. The one thing here that is global, as
// numbers are.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_PROCESS_TABLE_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_PROCESS_TABLE_H_

#include <sys/types.h>

#include <map>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "tests/kqueue_standin/kernel_mutex.h"
#include "tests/kqueue_standin/queue.h"

namespace isopoll::kqueue_standin {

// Safe for threads and signal handlers. A forked child has no table until it
// makes a queue.
class ProcessTable {
 public:
  // This process's, or null.
  static ProcessTable* Find();

  // This process's; made if there is none.
  static ProcessTable& Get();

  // `number` is `queue`'s from now on.
  void Enter(int number, std::shared_ptr<Queue> queue);

  // Or null.
  std::shared_ptr<Queue> QueueAt(int number);

  // The numbers from `first` to `last` are about to be closed: queues among
  // them end, and queues that watch them forget them.
  void Closing(unsigned first, unsigned last);

  // SO_RCVLOWAT of `fd` is about to change.
  void LowWaterMarkMoves(int fd);

 private:
  explicit ProcessTable(pid_t owner) : owner_(owner) {}

  const pid_t owner_;
  KernelMutex mutex_;
  std::map<unsigned, std::shared_ptr<Queue>> queues_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_PROCESS_TABLE_H_
