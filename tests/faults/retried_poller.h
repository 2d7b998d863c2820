// RetriedPoller: a Poller of whose system calls one fails, and whose user tries
// again what failed.

#ifndef ISOPOLL_TESTS_FAULTS_RETRIED_POLLER_H_
#define ISOPOLL_TESTS_FAULTS_RETRIED_POLLER_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/backend.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "tests/faults/call_log.h"

namespace isopoll::tests {

// What there is to one run of one scenario.
struct Trial {
  explicit Trial(std::optional<Fault> fault) : log(fault) {}

  CallLog log;

  // How long a Wait is that the scenario has only look.
  absl::Duration look = absl::ZeroDuration();

  // Whether a call that failed is made again. If not, it is given up.
  bool retries = true;

  // Whether the fault has come to pass, whether a method said so, and whether
  // that was one that changes a registration.
  std::atomic<bool> hit{false};
  std::atomic<bool> told{false};
  std::atomic<bool> change_failed{false};

  // Takes note of what was wrong, for later.
  void Complain(const std::string& what);
  absl::Status complaint() const;

 private:
  mutable absl::Mutex mutex_;
  absl::Status complaint_ ABSL_GUARDED_BY(mutex_);
};

class RetriedPoller final : public Poller {
 public:
  using Maker = std::function<absl::StatusOr<std::unique_ptr<Poller>>()>;

  // As `make`, in the same manner. `trial` outlives the poller.
  static absl::StatusOr<std::unique_ptr<Poller>> Make(const Maker& make,
                                                      Trial* trial);
  ~RetriedPoller() override;

  using Poller::Add;
  using Poller::Modify;
  using Poller::Set;
  absl::Status Add(int fd, Interest interest, Token token,
                   Trigger trigger) override;
  absl::Status Modify(int fd, Interest interest, Token token,
                      Trigger trigger) override;
  absl::Status Remove(int fd) override;
  absl::Status Set(int fd, Interest interest, Token token,
                   Trigger trigger) override;
  absl::StatusOr<WaitResult> Wait(absl::Span<Event> events,
                                  absl::Duration timeout) override;
  void Wakeup() override;
  Backend backend() const override { return poller_->backend(); }
  size_t size() const override { return poller_->size(); }

 private:
  RetriedPoller(std::unique_ptr<Poller> poller, Trial* trial)
      : poller_(std::move(poller)), trial_(*trial) {}

  // Calls `call`, of `method`; again if it failed.
  absl::Status Try(const char* method,
                   const std::function<absl::Status()>& call);
  // Wait, when `failure` has hit it though it returned OK.
  absl::StatusOr<WaitResult> LookForTheRest(absl::Span<Event> events,
                                            WaitResult first);

  std::unique_ptr<Poller> poller_;
  Trial& trial_;
  std::atomic<bool> sleeps_{false};
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_FAULTS_RETRIED_POLLER_H_
