// ProbePoller: a Poller that shows a test what its user asks of it.

#ifndef ISOPOLL_TESTS_ECHO_SUPPORT_PROBE_POLLER_H_
#define ISOPOLL_TESTS_ECHO_SUPPORT_PROBE_POLLER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/poller.h"
#include "tests/support/poller_kind.h"

namespace isopoll::echo {

// Passes everything on to a real Poller.
class ProbePoller : public Poller {
 public:
  explicit ProbePoller(const tests::PollerKind& kind);

  absl::Status Add(int fd, Interest interest, Token token,
                   Trigger trigger) override;
  absl::Status Modify(int fd, Interest interest, Token token,
                      Trigger trigger) override;
  absl::Status Remove(int fd) override;
  absl::Status Set(int fd, Interest interest, Token token,
                   Trigger trigger) override;
  absl::StatusOr<WaitResult> Wait(absl::Span<Event> events,
                                  absl::Duration timeout) override;
  void Wakeup() override { real_->Wakeup(); }
  Backend backend() const override { return real_->backend(); }
  size_t size() const override { return real_->size(); }

  // Waits until the registration of `token` has this interest. False if that
  // takes longer than 30 seconds.
  bool AwaitInterest(Token token, Interest interest);
  bool HasInterest(Token token, Interest interest);
  // The descriptor of `token`; -1 if there is none.
  int FdOf(Token token);
  // Whether the descriptor of `token` could be written to now.
  bool CanWrite(Token token);
  // Waits until there are so many registrations.
  bool AwaitSize(size_t size);

  // How often Wait was called, and how often it had been when `token` was
  // added.
  uint64_t waits();
  bool AwaitWaits(uint64_t waits);
  uint64_t waits_when_added(Token token);

  // What the next call answers instead of doing anything.
  void FailNextAdd(absl::Status status);
  void FailNextModify(absl::Status status);
  void FailNextWait(absl::Status status);

 private:
  struct Registration {
    Token token;
    Interest interest;
  };

  bool Has(Token token, Interest interest) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Await(const std::function<bool()>& condition);

  std::unique_ptr<Poller> real_;
  absl::Mutex mutex_;
  std::map<int, Registration> by_fd_ ABSL_GUARDED_BY(mutex_);
  std::map<Token, uint64_t> waits_when_added_ ABSL_GUARDED_BY(mutex_);
  uint64_t waits_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status next_add_ ABSL_GUARDED_BY(mutex_);
  absl::Status next_modify_ ABSL_GUARDED_BY(mutex_);
  absl::Status next_wait_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_TESTS_ECHO_SUPPORT_PROBE_POLLER_H_
