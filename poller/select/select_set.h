// What select(2) does otherwise than the contract asks, and what is done about
// it:
//   - it fails if any descriptor is closed: those are looked for one by one;
//   - Linux passes over those beyond its table and leaves their bits set;
//   - it does not wake for an entry in the error queue of what is watched for
//     priority alone: then it looks again every so often.

#ifndef ISOPOLL_POLLER_SELECT_SELECT_SET_H_
#define ISOPOLL_POLLER_SELECT_SELECT_SET_H_

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <utility>

#include "absl/numeric/bits.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "isopoll/interest.h"
#include "poller/core/deadline.h"
#include "poller/core/errors.h"
#include "poller/core/harvest.h"
#include "poller/core/kernel_set.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/false_priority.h"
#include "poller/system/fd_bitmap.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/select_call.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {
namespace internal {

// `Calls` is SelectCalls, or a test's.
template <typename Calls>
class SelectSet final : public KernelSet {
 public:
  explicit SelectSet(WakeupFd wakeup) : wakeup_(std::move(wakeup)) {
    watched_.Cover(wakeup_.fd());
    watched_.Put(wakeup_.fd(), kReadable);
  }

  absl::Status Update(int fd, uint32_t /*generation*/, Interest from,
                      Interest to) override {
    if (from.empty()) {
      if (absl::Status status = descriptor_calls().CheckOpen(fd); !status.ok())
        return status;
    }
    watched_.Cover(fd);
    const Interest asked = WithoutFalsePriority(fd, to);
    priority_alone_ -= IsPriorityAlone(watched_.Get(fd));
    priority_alone_ += IsPriorityAlone(asked);
    watched_.Put(fd, asked);
    watched_.Trim();
    changed_ = true;
    return absl::OkStatus();
  }

  // The kernel works on a copy of the sets.
  bool UpdateReachesSleeper() const override { return false; }

  void Prepare(size_t /*room*/, size_t /*watched*/) override {
    may_miss_errors_ = priority_alone_ > 0 && kPollDialect.select_misses_errors;
    if (changed_) {
      found_ = watched_;
      changed_ = false;
      return;
    }
    // A set that is empty was not shown to the kernel, and is empty still.
    found_.read = watched_.read;
    if (!watched_.write.empty()) found_.write = watched_.write;
    if (!watched_.except.empty()) found_.except = watched_.except;
  }

  absl::Status Call(Deadline* deadline) override {
    timespec timeout = {};
    const timespec* shown = &timeout;
    if (!deadline->immediate()) {
      absl::Duration time = deadline->Remaining();
      if (may_miss_errors_) time = std::min(time, kErrorQueueDelay);
      if (time == absl::InfiniteDuration()) {
        shown = nullptr;
      } else {
        timeout = ToSleepTime(time);
      }
    }
    count_ = Calls::Select(&found_, shown);
    if (count_ == -1) {
      if (errno == EBADF) return absl::OkStatus();  // for Collect to find out
      count_ = 0;
      if (errno != EINTR) return CallError(errno, "select");
    }
    return absl::OkStatus();
  }
  bool AnyFound() const override { return count_ != 0; }

  absl::Status Collect(Harvest* harvest) override {
    if (count_ == 0) return absl::OkStatus();  // the sets mean nothing then
    // Some are closed: it failed, or did not count them.
    if (found_.CountBits() != count_) return DropClosed(harvest);
    if (found_.read.Has(wakeup_.fd()) && !wakeup_.Drain()) {
      return OwnDescriptorClosed(wakeup_.fd());
    }
    const int start = std::min(next_fd_, found_.end());
    OfferFound(harvest, start, found_.end());
    OfferFound(harvest, 0, start);
    return absl::OkStatus();
  }

  void Interrupt() override { wakeup_.Signal(); }

  bool Owns(int fd) const override { return wakeup_.Owns(fd); }

  const DescriptorCalls& descriptor_calls() const override {
    return Calls::Descriptors();
  }

 private:
  // Offers what was found of descriptors in [begin, end). (The wake-up's is no
  // registration's, and is passed over.) The next Collect starts behind the
  // last one offered, so that none is starved (R5).
  void OfferFound(Harvest* harvest, int begin, int end) {
    for (int fd = NextFound(begin, end); fd < end && !harvest->full();
         fd = NextFound(fd + 1, end)) {
      harvest->Offer(fd, found_.Get(fd), /*hints=*/0);
      next_fd_ = fd + 1;
    }
  }

  // The first descriptor in [begin, end) with a bit set, or `end`.
  int NextFound(int begin, int end) const {
    constexpr int kBits = static_cast<int>(FdBitmap::kWordBits);
    for (int fd = begin; fd < end; fd = (fd / kBits + 1) * kBits) {
      const FdBitmap::Word word =
          found_.AnyOf(static_cast<size_t>(fd / kBits)) >> (fd % kBits);
      if (word != 0) return std::min(fd + absl::countr_zero(word), end);
    }
    return end;
  }

  absl::Status DropClosed(Harvest* harvest) {
    if (!descriptor_calls().IsOpen(wakeup_.fd())) {
      return OwnDescriptorClosed(wakeup_.fd());
    }
    // Of a call that failed the sets are as they were.
    const int end = found_.end();
    for (int fd = NextFound(0, end); fd < end; fd = NextFound(fd + 1, end)) {
      if (!descriptor_calls().IsOpen(fd) && harvest->OfferClosed(fd))
        watched_.Put(fd, kNone);
    }
    changed_ = true;
    harvest->LookAgain();  // at those that are open
    return absl::OkStatus();
  }

  static int IsPriorityAlone(Interest interest) {
    return interest == kPriority ? 1 : 0;
  }

  WakeupFd wakeup_;
  FdSets watched_;       // what is to be watched
  FdSets found_;         // what the kernel is asked, and then what it answers
  bool changed_ = true;  // watched_ is newer than what found_ was
  int count_ = 0;        // what select returned, but for errors
  bool may_miss_errors_ = false;  // this Call, if it sleeps
  int priority_alone_ = 0;        // how many are watched for nothing else
  int next_fd_ = 0;               // where Collect starts
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SELECT_SELECT_SET_H_
