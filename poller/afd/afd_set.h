// What the driver of Windows' sockets does otherwise than select, and what is
// done about it:
//   - it answers a question once: what was answered is asked about once more
//     before the next sleep;
//   - it answers with what came about at that moment, and not with all that
//     holds: an answer is a sign, and all of whom there are signs are looked at
//     together, in one call;
//   - before Windows 11 it mixes up two questions about one socket, and loses
//     one: after a change the next is asked when the last has come back.

#ifndef ISOPOLL_POLLER_AFD_AFD_SET_H_
#define ISOPOLL_POLLER_AFD_AFD_SET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/interest.h"
#include "poller/afd/afd_driver.h"
#include "poller/core/deadline.h"
#include "poller/core/errors.h"
#include "poller/core/harvest.h"
#include "poller/core/kernel_set.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/platform.h"

namespace isopoll {
namespace internal {

// `Driver` is AfdDriver, or a test's.
template <typename Driver>
class AfdSet final : public KernelSet {
 public:
  explicit AfdSet(Driver driver) : driver_(std::move(driver)) {}

  ~AfdSet() override {
    for (Watch& watch : watches_) Withdraw(watch);
    packets_.resize(std::max<size_t>(with_driver_, 1));
    while (with_driver_ > 0) {
      absl::StatusOr<size_t> count = driver_.Take(absl::MakeSpan(packets_),
                                                  /*timeout=*/nullptr);
      if (!count.ok()) {
        LeaveRequests();
        break;
      }
      for (size_t i = 0; i < *count; ++i) TakeBack(packets_[i]);
    }
  }

  absl::Status Update(int fd, uint32_t generation, Interest /*from*/,
                      Interest to) override {
    absl::Status status;
    if (!to.empty()) {
      status = WatchAnew(fd, generation, to);
      if (!IsNotOpen(status)) return status;
    }
    if (TableIndex(fd) < watches_.size()) {
      Watch& watch = At(fd);
      Withdraw(watch);
      watch.interest = kNone;
    }
    return status;
  }

  // What is withdrawn comes back, and ends its sleep.
  bool UpdateReachesSleeper() const override { return true; }

  void Prepare(size_t room, size_t watched) override {
    AskQueued();
    look_ = AnyQueued();
    packets_.resize(std::min(room, watched + 1));
  }

  absl::Status Call(Deadline* deadline) override {
    const absl::Duration time =
        look_ ? absl::ZeroDuration() : deadline->Remaining();
    const timespec timeout = ToSleepTime(time);
    absl::StatusOr<size_t> count =
        driver_.Take(absl::MakeSpan(packets_),
                     time == absl::InfiniteDuration() ? nullptr : &timeout);
    count_ = count.value_or(0);
    return count.status();
  }

  bool AnyFound() const override { return count_ > 0 || AnyQueued(); }

  absl::Status Collect(Harvest* harvest) override {
    // What is still to be asked has no packet to give a sign.
    signs_ = queue_;
    while (true) {
      const bool more = count_ == packets_.size();
      TakeSigns();
      if (absl::Status looked = LookAndOffer(harvest); !looked.ok()) {
        return looked;
      }
      if (!more || harvest->full()) return ask_status_;
      // One that is ready may be behind one that is not.
      packets_.resize(std::min(packets_.size(), harvest->room()));
      constexpr timespec kNoTime = {};
      absl::StatusOr<size_t> count =
          driver_.Take(absl::MakeSpan(packets_), &kNoTime);
      if (!count.ok()) return count.status();
      count_ = *count;
    }
  }

  void Interrupt() override { driver_.Post(); }

  // Its own are no sockets.
  bool Owns(int /*fd*/) const override { return false; }

  const DescriptorCalls& descriptor_calls() const override {
    return HostDescriptorCalls();
  }

 private:
  struct Watch {
    HANDLE socket = nullptr;
    uint32_t generation = 0;
    Interest interest;
    bool with_driver = false;  // its request
    bool wanted = false;       // the request's answer
    bool queued = false;       // in queue_
    std::unique_ptr<AfdRequest> request;
  };

  Watch& At(int fd) {
    const size_t index = TableIndex(fd);
    if (index >= watches_.size()) watches_.resize(index + 1);
    return watches_[index];
  }

  bool AnyQueued() const { return !queue_.empty(); }

  void Queue(int fd, Watch& watch) {
    if (std::exchange(watch.queued, true)) return;
    queue_.push_back(fd);
  }

  absl::Status WatchAnew(int fd, uint32_t generation, Interest interest) {
    // Before there is a place for it: a number that is no socket's may be any.
    absl::StatusOr<HANDLE> socket = driver_.SocketOf(fd);
    if (!socket.ok()) return socket.status();
    Watch& watch = At(fd);
    if (watch.with_driver) {
      Withdraw(watch);
      Queue(fd, watch);
    } else if (absl::Status asked = Ask(fd, watch, *socket, interest);
               !asked.ok()) {
      return asked;
    }
    watch.socket = *socket;
    watch.generation = generation;
    watch.interest = interest;
    return absl::OkStatus();
  }

  absl::Status Ask(int fd, Watch& watch, HANDLE socket, Interest interest) {
    if (watch.request == nullptr) {
      watch.request = std::make_unique<AfdRequest>();
      watch.request->fd = fd;
    }
    absl::Status asked =
        driver_.Ask(watch.request.get(), socket, kAfdDialect.Ask(interest));
    if (!asked.ok()) return asked;
    watch.with_driver = true;
    watch.wanted = true;
    ++with_driver_;
    return absl::OkStatus();
  }

  void Withdraw(Watch& watch) {
    if (!std::exchange(watch.wanted, false)) return;
    driver_.Cancel(watch.request.get());
  }

  // Asks about those in the queue whose last request has come back. The others
  // stay there.
  void AskQueued() {
    ask_status_ = absl::OkStatus();
    size_t kept = 0;
    for (const int fd : queue_) {
      Watch& watch = At(fd);
      watch.queued = !watch.interest.empty() && !watch.wanted;
      if (watch.queued && !watch.with_driver) {
        absl::Status asked = Ask(fd, watch, watch.socket, watch.interest);
        // Of one that is closed the look will say so.
        if (!IsNotOpen(asked)) ask_status_.Update(asked);
        watch.queued = !asked.ok();
      }
      if (watch.queued) queue_[kept++] = fd;
    }
    queue_.resize(kept);
  }

  // The watch whose request is back with `packet`, or null.
  Watch* TakeBack(const AfdPacket& packet) {
    if (packet.request == nullptr) return nullptr;
    Watch& watch = At(packet.request->fd);
    watch.with_driver = false;
    --with_driver_;
    return &watch;
  }

  void TakeSigns() {
    for (size_t i = 0; i < count_; ++i) {
      Watch* const watch = TakeBack(packets_[i]);
      if (watch == nullptr || !std::exchange(watch->wanted, false)) continue;
      const AfdRequest& request = *watch->request;
      // If the system took it back, the question stands there still.
      const bool answered = packets_[i].result.Status == 0;
      // By now the number may be another socket's.
      if (answered && (request.info.sockets[0].events & kAfdLocalClose) != 0) {
        watch->socket = nullptr;
      }
      const int fd = request.fd;
      if (!watch->queued) signs_.push_back(fd);
      Queue(fd, *watch);
    }
    count_ = 0;
  }

  absl::Status LookAndOffer(Harvest* harvest) {
    found_.clear();
    for (const int fd : signs_) {
      // For all: of a socket that it is asked about by two numbers, Wine
      // answers one question for both.
      constexpr Interest kAll = kReadable | kWritable | kPriority;
      found_.push_back({At(fd).socket, kAfdDialect.Ask(kAll), 0});
    }
    absl::Status looked = Look(harvest);
    for (size_t i = 0; looked.ok() && i < signs_.size(); ++i) {
      if (harvest->full()) break;
      Offer(harvest, signs_[i], found_[i].events);
    }
    signs_.clear();
    return looked;
  }

  absl::Status Look(Harvest* harvest) {
    if (signs_.empty()) return absl::OkStatus();
    absl::Status looked = driver_.Look(&found_, signs_.front());
    return IsNotOpen(looked) ? LookAtEach(harvest) : looked;
  }

  // When one of them is closed, for which the driver answers of none.
  absl::Status LookAtEach(Harvest* harvest) {
    for (size_t i = 0; i < signs_.size(); ++i) {
      one_.assign(1, found_[i]);
      const absl::Status looked = driver_.Look(&one_, signs_[i]);
      if (!looked.ok() && !IsNotOpen(looked)) return looked;
      found_[i].events = looked.ok() ? one_[0].events : 0;
      if (!looked.ok() && harvest->OfferClosed(signs_[i])) {
        At(signs_[i]).interest = kNone;
      }
    }
    return absl::OkStatus();
  }

  void Offer(Harvest* harvest, int fd, uint32_t events) {
    const Watch& watch = At(fd);
    const Interest ready = kAfdDialect.Readiness(events) & watch.interest;
    if (ready.empty()) return;
    const HintBits hints = kAfdDialect.Hints(events);
    if (!harvest->OfferPlain(fd, watch.generation, ready, hints)) {
      harvest->Offer(fd, ready, hints);
    }
  }

  // The driver may write to those that it has.
  void LeaveRequests() {
    for (Watch& watch : watches_) {
      if (watch.with_driver) static_cast<void>(watch.request.release());
    }
  }

  Driver driver_;
  std::vector<Watch> watches_;  // by TableIndex
  std::vector<int> queue_;      // to be asked about
  absl::Status ask_status_;     // of the last AskQueued
  bool look_ = false;           // whether the next Call is not to sleep
  size_t with_driver_ = 0;      // how many requests are
  std::vector<AfdPacket> packets_;
  size_t count_ = 0;        // how many of packets_ Call has taken
  std::vector<int> signs_;  // of whom there are signs, to be looked at
  std::vector<AfdSocket> found_, one_;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_AFD_AFD_SET_H_
