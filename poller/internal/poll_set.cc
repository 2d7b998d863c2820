#include "poller/internal/poll_set.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "poller/interest.h"
#include "poller/internal/deadline.h"
#include "poller/internal/descriptor.h"
#include "poller/internal/errors.h"
#include "poller/internal/harvest.h"
#include "poller/internal/kernel_set.h"
#include "poller/internal/mask_dialect.h"
#include "poller/internal/wakeup_fd.h"

namespace isopoll {
namespace internal {
namespace {

// How long Sleep looks away from descriptors that are hung up when nobody asked
// (R2). The first slice is short for states that pass; the last bounds both the
// delay of what they may still report and the cost of looking.
constexpr absl::Duration kFirstSlice = absl::Milliseconds(1);
constexpr absl::Duration kLastSlice = absl::Milliseconds(50);

class PollSet final : public KernelSet {
 public:
  explicit PollSet(WakeupFd wakeup) : wakeup_(std::move(wakeup)) {
    watched_.push_back({wakeup_.fd(), POLLIN, 0});
  }

  absl::Status Update(int fd, uint32_t /*generation*/, Interest from,
                      Interest to) override {
    changed_ = true;
    if (to.empty()) {
      Unwatch(fd);
      return absl::OkStatus();
    }
    if (from.empty()) {
      if (absl::Status status = CheckOpen(fd); !status.ok()) return status;
      Watch(fd);
    }
    watched_[place_[static_cast<size_t>(fd)]].events =
        static_cast<short>(kPollDialect.Ask(to));
    return absl::OkStatus();
  }

  // The kernel has read the entries when it goes to sleep.
  bool UpdateReachesSleeper() const override { return false; }

  void Prepare(size_t /*room*/, size_t /*watched*/) override {
    if (changed_) found_ = watched_;
    changed_ = false;
  }

  absl::Status Sleep(Deadline* deadline) override {
    absl::Duration slice = kFirstSlice;
    for (;;) {
      absl::Status status = Poll(deadline->Remaining());
      if (count_ == 0 || deadline->immediate() || AnyAsked()) return status;
      MuteUnasked();
      status = Poll(std::min(deadline->Remaining(), slice));
      Unmute();
      if (!status.ok() || count_ != 0 || deadline->Passed()) return status;
      slice = std::min(2 * slice, kLastSlice);
    }
  }

  absl::Status Collect(Harvest* harvest) override {
    if (count_ == 0) return absl::OkStatus();
    if (found_[0].revents != 0) wakeup_.Drain();
    const size_t start = next_ < found_.size() ? next_ : 1;
    OfferFound(harvest, start, found_.size());
    OfferFound(harvest, 1, start);
    return absl::OkStatus();
  }

  void Interrupt() override { wakeup_.Signal(); }

  bool Owns(int fd) const override { return wakeup_.Owns(fd); }

 private:
  // An entry is muted, ignored by the kernel, while its fd is negative.
  static int Muted(int fd) { return ~fd; }

  void Watch(int fd) {
    const size_t index = static_cast<size_t>(fd);
    if (index >= place_.size()) place_.resize(index + 1);
    place_[index] = static_cast<uint32_t>(watched_.size());
    watched_.push_back({fd, 0, 0});
  }

  // The last entry takes the place of the one that goes.
  void Unwatch(int fd) {
    const size_t place = place_[static_cast<size_t>(fd)];
    watched_[place] = watched_.back();
    place_[static_cast<size_t>(watched_[place].fd)] =
        static_cast<uint32_t>(place);
    watched_.pop_back();
  }

  // Sets count_, to 0 also on an error and on EINTR.
  absl::Status Poll(absl::Duration time) {
    timespec timeout;
    if (time != absl::InfiniteDuration()) timeout = ToSleepTime(time);
    count_ =
        ::ppoll(found_.data(), static_cast<nfds_t>(found_.size()),
                time == absl::InfiniteDuration() ? nullptr : &timeout, nullptr);
    if (count_ != -1) return absl::OkStatus();
    count_ = 0;
    if (errno == EINTR) return absl::OkStatus();
    if (errno == EINVAL) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "poll(2) takes no more descriptors than RLIMIT_NOFILE, and ",
          found_.size(), " are watched: raise the limit"));
    }
    return CallError(errno, "ppoll");
  }

  // What the entry was asked for, `events` being Ask() of an interest.
  static Interest Asked(const pollfd& entry) {
    return kPollDialect.Readiness(static_cast<uint16_t>(entry.events));
  }

  static bool Unasked(const pollfd& entry) {
    if (entry.revents == 0 || (entry.revents & POLLNVAL) != 0) return false;
    const auto mask = static_cast<uint16_t>(entry.revents);
    return (kPollDialect.Readiness(mask) & Asked(entry)).empty();
  }

  // Whether anything found is for Collect.
  bool AnyAsked() const {
    int left = count_;
    for (auto entry = found_.begin(); left > 0; ++entry) {
      if (entry->revents == 0) continue;
      if (!Unasked(*entry)) return true;
      --left;
    }
    return false;
  }

  void MuteUnasked() {
    for (pollfd& entry : found_) {
      if (Unasked(entry)) entry.fd = Muted(entry.fd);
    }
  }

  void Unmute() {
    for (pollfd& entry : found_) {
      if (entry.fd < 0) entry.fd = Muted(entry.fd);
    }
  }

  // Offers what was found in the entries [begin, end). The next Collect starts
  // behind the last one taken, so that none is starved (R5).
  void OfferFound(Harvest* harvest, size_t begin, size_t end) {
    for (size_t i = begin; i < end && !harvest->full(); ++i) {
      const pollfd& entry = found_[i];
      if (entry.revents == 0) continue;
      if ((entry.revents & POLLNVAL) != 0) {
        if (harvest->OfferClosed(entry.fd)) DropClosed(entry.fd);
        continue;
      }
      const auto mask = static_cast<uint16_t>(entry.revents);
      if (harvest->Offer(entry.fd, kPollDialect.Readiness(mask),
                         kPollDialect.Hints(mask)) ==
          Harvest::Outcome::kReported) {
        next_ = i + 1;
      }
    }
  }

  void DropClosed(int fd) {
    Unwatch(fd);
    changed_ = true;
  }

  WakeupFd wakeup_;
  std::vector<pollfd> watched_;  // what the core wants; the wake-up comes first
  std::vector<uint32_t> place_;  // by fd: where in watched_ it is, if it is
  std::vector<pollfd> found_;    // what the kernel is asked, and its answers
  bool changed_ = true;          // watched_ is newer than found_
  int count_ = 0;                // how many entries of found_ have an answer
  size_t next_ = 1;              // where Collect starts
};

}  // namespace

absl::StatusOr<std::unique_ptr<KernelSet>> MakePollSet() {
  absl::StatusOr<WakeupFd> wakeup = WakeupFd::Create();
  if (!wakeup.ok()) return wakeup.status();
  return std::make_unique<PollSet>(*std::move(wakeup));
}

}  // namespace internal
}  // namespace isopoll
