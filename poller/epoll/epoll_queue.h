// EpollQueue: the kernel's set, with the wake-up in it.

#ifndef ISOPOLL_POLLER_EPOLL_EPOLL_QUEUE_H_
#define ISOPOLL_POLLER_EPOLL_EPOLL_QUEUE_H_

#include <sys/epoll.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <utility>

#include "absl/base/attributes.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "isopoll/net/unique_fd.h"
#include "poller/core/deadline.h"
#include "poller/core/errors.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {
namespace internal {

// What the kernel keeps with each descriptor and gives back in its reports.
struct Label {
  int fd;
  uint32_t generation;

  uint64_t Pack() const {
    return uint64_t{generation} << 32 | static_cast<uint32_t>(fd);
  }
  static Label Unpack(uint64_t data) {
    return {static_cast<int>(data & UINT32_MAX),
            static_cast<uint32_t>(data >> 32)};
  }
};
// No registration's, as fd is not negative.
inline constexpr Label kWakeupLabel = {-1, 0};
inline constexpr Label kAlarmLabel = {-2, 0};

template <typename Calls>
class EpollQueue {
 public:
  // An epoll set with `wakeup` in it.
  static absl::StatusOr<UniqueFd> MakeSet(const WakeupFd& wakeup) {
    UniqueFd epoll(Calls::Create());
    if (!epoll) return CallError(errno, "epoll_create1");
    // Edge-triggered, so that it need not be drained: each Signal is an edge.
    epoll_event event = EventFor(kWakeupLabel, EPOLLIN | EPOLLET);
    if (Calls::Control(epoll.get(), EPOLL_CTL_ADD, wakeup.fd(), &event) == -1) {
      return errno == EBADF ? OwnDescriptorClosed(wakeup.fd())
                            : CallError(errno, "epoll_ctl");
    }
    return epoll;
  }

  // `epoll` is what MakeSet made for `wakeup`.
  EpollQueue(WakeupFd wakeup, UniqueFd epoll)
      : wakeup_(std::move(wakeup)),
        epoll_(std::move(epoll)),
        number_(epoll_.get()) {}
  ~EpollQueue() { UniqueFd(alarm_.load()).reset(); }

  static epoll_event EventFor(Label label, uint32_t mask) {
    epoll_event event = {};
    event.events = mask;
    event.data.u64 = label.Pack();
    return event;
  }

  // As epoll_ctl.
  int Control(int operation, Label label, uint32_t mask) {
    epoll_event event = EventFor(label, mask);
    return Calls::Control(epoll_.get(), operation, label.fd, &event);
  }
  void Delete(int fd) {
    Calls::Control(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  }

  // As epoll_wait, to the nanosecond, but that it may come back sooner.
  int Wait(epoll_event* events, size_t room, Deadline* deadline) {
    if (deadline->immediate()) return Look(events, room);
    if (deadline->infinite()) return Wait(events, room, -1);
    return TimedWait(events, room, deadline->Remaining());
  }
  // As epoll_wait for no time. From any thread, also while the set is started
  // again.
  int Look(epoll_event* events, size_t room) const {
    return Calls::Wait(number_.load(std::memory_order_relaxed), events,
                       static_cast<int>(room), 0);
  }

  // After Wait has returned -1: the error, if that is one.
  ABSL_ATTRIBUTE_NOINLINE absl::Status WaitError() const {
    if (errno == EINTR) return absl::OkStatus();
    if (errno == EBADF || errno == EINVAL) {
      return OwnDescriptorClosed(epoll_.get());
    }
    return CallError(errno, "epoll_wait");
  }

  // Makes the Wait in progress, or else the next, return. From any thread and
  // from a signal handler.
  void Interrupt() {
    if (!wakeup_.Signal()) RaiseAlarm();
  }

  // What a Wait is to say that has found kAlarmLabel.
  absl::Status AlarmError() const { return OwnDescriptorClosed(wakeup_.fd()); }

  bool Owns(int fd) const { return fd == epoll_.get() || wakeup_.Owns(fd); }

  // Puts a set with nothing but the wake-up in the place of this one, and has
  // `add_all` fill it. On error lost() says so until it is called again, with
  // success.
  template <typename AddAll>
  absl::Status StartAnew(AddAll add_all) {
    if (StartBeside(add_all)) return absl::OkStatus();
    // There is no descriptor left, or no memory for two sets: the old one gives
    // up its own.
    Replace(UniqueFd());
    absl::StatusOr<UniqueFd> fresh = MakeSet(wakeup_);
    if (!fresh.ok()) return fresh.status();
    Replace(*std::move(fresh));
    add_all();
    return absl::OkStatus();
  }
  bool lost() const { return !epoll_; }

 private:
  // Makes the new set beside the old one, and gives it the old one's number,
  // since a new one might be one that a caller counts on.
  template <typename AddAll>
  bool StartBeside(AddAll add_all) {
    absl::StatusOr<UniqueFd> fresh = MakeSet(wakeup_);
    if (!fresh.ok() || !epoll_) return false;
    std::swap(epoll_, *fresh);
    add_all();
    const bool done = Calls::Dup3(epoll_.get(), fresh->get()) != -1;
    std::swap(epoll_, *fresh);
    return done;
  }

  void Replace(UniqueFd epoll) {
    number_.store(epoll.get(), std::memory_order_relaxed);
    epoll_ = std::move(epoll);
  }

  int Wait(epoll_event* events, size_t room, int milliseconds) {
    return Calls::Wait(epoll_.get(), events, static_cast<int>(room),
                       milliseconds);
  }

  // `time` is neither zero nor infinite.
  ABSL_ATTRIBUTE_NOINLINE int TimedWait(epoll_event* events, size_t room,
                                        absl::Duration time) {
    // epoll_wait is quicker than epoll_pwait2. What is over a long time's
    // milliseconds is left for another call.
    const int64_t milliseconds =
        absl::ToInt64Milliseconds(std::min(time, absl::Hours(1)));
    if (milliseconds >= 1000 || absl::Milliseconds(milliseconds) == time) {
      return Wait(events, room, static_cast<int>(milliseconds));
    }
    const int count = Calls::Pwait2(epoll_.get(), events,
                                    static_cast<int>(room), ToSleepTime(time));
    // Linux before 5.11; and filters of system calls that do not know it.
    if (count != -1 || (errno != ENOSYS && errno != EPERM)) return count;
    return Wait(events, room,
                static_cast<int>(absl::ToInt64Milliseconds(
                    absl::Ceil(time, absl::Milliseconds(1)))));
  }

  // Wakes the sleeper though the wake-up's descriptor was closed by somebody
  // else, and has every Wait say so.
  ABSL_ATTRIBUTE_NOINLINE void RaiseAlarm() {
    const int saved_errno = errno;
    const int alarm = Calls::Eventfd();
    int none = -1;
    if (alarm_.compare_exchange_strong(none, alarm)) {
      epoll_event event = EventFor(kAlarmLabel, EPOLLIN);
      Calls::Control(epoll_.get(), EPOLL_CTL_ADD, alarm, &event);
    } else {
      UniqueFd(alarm).reset();
    }
    errno = saved_errno;
  }

  WakeupFd wakeup_;
  UniqueFd epoll_;
  std::atomic<int> number_;     // of epoll_
  std::atomic<int> alarm_{-1};  // a descriptor, once it was raised
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_EPOLL_EPOLL_QUEUE_H_
