// The baseline: a hand-written level-triggered epoll loop.

#ifndef ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_EPOLL_H_
#define ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_EPOLL_H_

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "isopoll/net/unique_fd.h"
#include "tools/bench/driver.h"
#include "tools/bench/drivers/raw_wakeup.h"
#include "tools/bench/must.h"

namespace isopoll::bench {

template <typename Handler>
class RawEpoll {
 public:
  explicit RawEpoll(Handler* handler)
      : handler_(*handler), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    Must(bool{epoll_}, "epoll_create1");
    Control(EPOLL_CTL_ADD, wakeup_.fd(), kRead, kWakeTag);
  }

  void Add(int fd, int wanted, size_t tag) {
    Control(EPOLL_CTL_ADD, fd, wanted, tag);
  }
  void Change(int fd, int wanted, size_t tag) {
    Control(EPOLL_CTL_MOD, fd, wanted, tag);
  }
  void Remove(int fd, size_t /*tag*/) {
    Must(::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr) == 0,
         "epoll_ctl");
  }

  void Look() { Turn(0); }
  void Run() {
    while (!handler_.done()) Turn(-1);
  }
  void Wake() { wakeup_.Signal(); }

 private:
  static constexpr uint64_t kWakeTag = UINT64_MAX;

  void Control(int operation, int fd, int wanted, uint64_t tag) {
    epoll_event event = {};
    event.events = ((wanted & kRead) != 0 ? EPOLLIN : 0u) |
                   ((wanted & kWrite) != 0 ? EPOLLOUT : 0u);
    event.data.u64 = tag;
    Must(::epoll_ctl(epoll_.get(), operation, fd, &event) == 0, "epoll_ctl");
  }

  void Turn(int timeout) {
    const int count =
        ::epoll_wait(epoll_.get(), events_.data(), kBatch, timeout);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events_[static_cast<size_t>(i)];
      if (event.data.u64 == kWakeTag) {
        wakeup_.Drain();
        handler_.Woken();
        continue;
      }
      handler_.Ready(
          event.data.u64,
          ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 ? kRead : 0) |
              ((event.events & (EPOLLOUT | EPOLLERR)) != 0 ? kWrite : 0));
    }
  }

  Handler& handler_;
  RawWakeup wakeup_;
  UniqueFd epoll_;
  std::array<epoll_event, kBatch> events_;
};

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_EPOLL_H_
