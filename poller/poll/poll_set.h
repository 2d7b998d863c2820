// What poll(2) does otherwise than select, and what is done about it:
//   - it reports HUP and ERR unasked: while that is all there is, the sleep is
//     one in select;
//   - what systems' own polls do otherwise is their poll_call_....cc's.

#ifndef ISOPOLL_POLLER_POLL_POLL_SET_H_
#define ISOPOLL_POLLER_POLL_POLL_SET_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "isopoll/interest.h"
#include "poller/core/deadline.h"
#include "poller/core/errors.h"
#include "poller/core/harvest.h"
#include "poller/core/kernel_set.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/false_priority.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/platform.h"
#include "poller/system/poll_call.h"
#include "poller/system/poll_watch.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {
namespace internal {

// `Calls` is PollCalls, or a test's.
template <typename Calls>
class PollSet final : public KernelSet {
 public:
  explicit PollSet(WakeupFd wakeup)
      : wakeup_(std::move(wakeup)),
        watch_(&Calls::Poll, &Calls::QuietPoll, kPollDialect, wakeup_.fd()) {}

  absl::Status Update(int fd, uint32_t /*generation*/, Interest from,
                      Interest to) override {
    to = WithoutFalsePriority(fd, to);
    if (to.empty()) {
      watch_.Erase(fd);
      return absl::OkStatus();
    }
    if (from.empty()) {
      if (absl::Status status = descriptor_calls().CheckOpen(fd); !status.ok())
        return status;
    }
    watch_.Put(fd, kPollDialect.Ask(to) | static_cast<uint16_t>(PollMarks(fd)));
    return absl::OkStatus();
  }

  // The kernel has read the entries when it goes to sleep.
  bool UpdateReachesSleeper() const override { return false; }

  void Prepare(size_t /*room*/, size_t /*watched*/) override {
    watch_.Prepare();
  }

  absl::Status Call(Deadline* deadline) override {
    return watch_.Call(deadline);
  }

  bool AnyFound() const override { return watch_.count() != 0; }

  absl::Status Collect(Harvest* harvest) override {
    int left = watch_.count();
    const size_t size = watch_.found().size();
    if (watch_.found()[0].revents != 0) {
      if (!wakeup_.Drain()) return OwnDescriptorClosed(wakeup_.fd());
      --left;
    }
    const size_t start = watch_.turn();
    left = OfferFound(harvest, start, size, left);
    OfferFound(harvest, 1, start, left);
    return absl::OkStatus();
  }

  void Interrupt() override { wakeup_.Signal(); }

  bool Owns(int fd) const override { return wakeup_.Owns(fd); }

  const DescriptorCalls& descriptor_calls() const override {
    return Calls::Descriptors();
  }

 private:
  // Offers what was found in the entries [begin, end), which is in `left` of
  // them at most, and returns how many are left elsewhere. The next Collect
  // starts where this one ran out of room, so that none is starved (R5).
  int OfferFound(Harvest* harvest, size_t begin, size_t end, int left) {
    for (size_t i = begin; i < end && left > 0 && !harvest->full(); ++i) {
      const PollEntry& entry = watch_.found()[i];
      if (entry.revents == 0) continue;
      --left;
      if ((entry.revents & POLLNVAL) != 0) {
        if (harvest->OfferClosed(entry.fd)) watch_.Erase(entry.fd);
      } else {
        const auto mask = static_cast<uint16_t>(entry.revents);
        harvest->Offer(entry.fd, kPollDialect.Readiness(mask),
                       kPollDialect.Hints(mask));
      }
      if (harvest->full()) watch_.SetTurnBehind(entry.fd);
    }
    return left;
  }

  WakeupFd wakeup_;
  PollWatch watch_;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_POLL_POLL_SET_H_
