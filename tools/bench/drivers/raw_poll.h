// A hand-written poll(2) loop over a dense array.

#ifndef ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_POLL_H_
#define ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_POLL_H_

#include <poll.h>

#include <cstddef>
#include <vector>

#include "tools/bench/driver.h"
#include "tools/bench/drivers/raw_wakeup.h"
#include "tools/bench/must.h"

namespace isopoll::bench {

template <typename Handler>
class RawPoll {
 public:
  explicit RawPoll(Handler* handler) : handler_(*handler) {
    entries_.push_back({wakeup_.fd(), POLLIN, 0});
    tags_.push_back(0);
  }

  void Add(int fd, int wanted, size_t tag) {
    if (tag >= places_.size()) places_.resize(tag + 1);
    places_[tag] = entries_.size();
    entries_.push_back({fd, Mask(wanted), 0});
    tags_.push_back(tag);
  }
  void Change(int /*fd*/, int wanted, size_t tag) {
    entries_[places_[tag]].events = Mask(wanted);
  }
  void Remove(int /*fd*/, size_t tag) {
    const size_t place = places_[tag];
    entries_[place] = entries_.back();
    tags_[place] = tags_.back();
    places_[tags_[place]] = place;
    entries_.pop_back();
    tags_.pop_back();
  }

  void Look() { Turn(0); }
  void Run() {
    while (!handler_.done()) Turn(-1);
  }
  void Wake() { wakeup_.Signal(); }

 private:
  static short Mask(int wanted) {
    return static_cast<short>(((wanted & kRead) != 0 ? POLLIN : 0) |
                              ((wanted & kWrite) != 0 ? POLLOUT : 0));
  }

  void Turn(int timeout) {
    int left = ::poll(entries_.data(), entries_.size(), timeout);
    if (left > 0 && entries_[0].revents != 0) {
      --left;
      wakeup_.Drain();
      handler_.Woken();
    }
    for (size_t i = 1; left > 0 && i < entries_.size(); ++i) {
      const int mask = entries_[i].revents;
      if (mask == 0) continue;
      --left;
      handler_.Ready(tags_[i],
                     ((mask & (POLLIN | POLLHUP | POLLERR)) != 0 ? kRead : 0) |
                         ((mask & (POLLOUT | POLLERR)) != 0 ? kWrite : 0));
    }
  }

  Handler& handler_;
  RawWakeup wakeup_;
  std::vector<pollfd> entries_;  // the wake-up's comes first
  std::vector<size_t> tags_;     // in the same order
  std::vector<size_t> places_;   // by tag
};

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_POLL_H_
