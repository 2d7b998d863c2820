// PollerCore: the Poller, whatever the backend. Arguments, tokens, one-shot and
// parked state, deadlines, threads and fork are dealt with here, once; a
// KernelSet does the rest.

#ifndef ISOPOLL_POLLER_INTERNAL_POLLER_CORE_H_
#define ISOPOLL_POLLER_INTERNAL_POLLER_CORE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "poller/backend.h"
#include "poller/event.h"
#include "poller/interest.h"
#include "poller/internal/deadline.h"
#include "poller/internal/fork_guard.h"
#include "poller/internal/harvest.h"
#include "poller/internal/hint_finder.h"
#include "poller/internal/kernel_set.h"
#include "poller/internal/registry.h"
#include "poller/poller.h"

namespace isopoll {
namespace internal {

class PollerCore final : public Poller {
 public:
  PollerCore(Backend backend, std::unique_ptr<KernelSet> set,
             const PollerOptions& options);

  absl::Status Add(int fd, Interest interest, Token token,
                   Trigger trigger) override;
  absl::Status Modify(int fd, Interest interest, Token token,
                      Trigger trigger) override;
  absl::Status Remove(int fd) override;
  absl::StatusOr<WaitResult> Wait(absl::Span<Event> events,
                                  absl::Duration timeout) override;
  void Wakeup() override;
  Backend backend() const override { return backend_; }
  size_t size() const override { return registry_.size(); }

 private:
  // Bits of wake_.
  static constexpr uint32_t kAsleep = 1;  // Wakeup must interrupt the sleeper
  static constexpr uint32_t kWoken = 2;   // a Wakeup awaits its Wait

  absl::Status CheckArguments(int fd, Interest interest) const;
  absl::Status CheckProcess() const;

  // Makes the kernel set watch what the caller wants: at the next Wait, so that
  // a change and its undoing cost nothing, or at once if a Wait is running.
  void Apply(int fd, Registration& registration)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ApplyQueued() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Has a sleeper take up a change that its kernel call cannot see.
  void InterruptSleeper() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AwaitSleeperLeft() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Wait once it is the only one.
  absl::StatusOr<WaitResult> WaitAlone(absl::Span<Event> events,
                                       Deadline deadline);
  // One kernel call and its harvest. Sets *woken if it consumed a Wakeup.
  absl::Status Round(Deadline* deadline, Harvest* harvest, bool* woken);
  absl::Status PrepareRound(Harvest* harvest);
  absl::Status Sleep(Deadline* deadline, bool* woken);
  void OfferAllClosed(Harvest* harvest);

  const Backend backend_;
  const PollerOptions options_;
  const ForkGuard fork_guard_;
  const std::unique_ptr<KernelSet> set_;

  std::atomic<bool> waiting_{false};  // a Wait is running
  std::atomic<uint32_t> wake_{0};

  absl::Mutex mutex_;
  Registry registry_;  // guarded by mutex_, but for size()
  HintFinder hint_finder_ ABSL_GUARDED_BY(mutex_);
  bool in_kernel_ ABSL_GUARDED_BY(mutex_) =
      false;                                     // from before Sleep to after
  uint64_t sleeps_ ABSL_GUARDED_BY(mutex_) = 0;  // how many have begun

  uint32_t waits_ = 0;  // numbers the Waits; the running Wait's own
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_POLLER_CORE_H_
