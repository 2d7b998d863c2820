// A hand-written select(2) loop, with sets as large as need be.

#ifndef ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_SELECT_H_
#define ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_SELECT_H_

#include <sys/select.h>
#include <sys/time.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/numeric/bits.h"
#include "tools/bench/driver.h"
#include "tools/bench/drivers/raw_wakeup.h"
#include "tools/bench/must.h"

namespace isopoll::bench {

template <typename Handler>
class RawSelect {
 public:
  explicit RawSelect(Handler* handler) : handler_(*handler) {
    Add(wakeup_.fd(), kRead, 0);
  }

  void Add(int fd, int wanted, size_t tag) {
    const size_t index = static_cast<size_t>(fd);
    if (index >= tags_.size()) {
      const size_t words = index / 64 + 1;
      tags_.resize(words * 64);
      for (auto* set : {&read_, &write_, &readable_, &writable_}) {
        set->resize(words);
      }
    }
    tags_[index] = tag;
    Change(fd, wanted, tag);
  }
  void Change(int fd, int wanted, size_t /*tag*/) {
    Put(read_, fd, (wanted & kRead) != 0);
    Put(write_, fd, (wanted & kWrite) != 0);
  }
  void Remove(int fd, size_t tag) { Change(fd, 0, tag); }

  void Look() {
    timeval zero = {};
    Turn(&zero);
  }
  void Run() {
    while (!handler_.done()) Turn(nullptr);
  }
  void Wake() { wakeup_.Signal(); }

 private:
  using Bits = std::vector<uint64_t>;

  static void Put(Bits& set, int fd, bool value) {
    const uint64_t bit = uint64_t{1} << (fd % 64);
    uint64_t& word = set[static_cast<size_t>(fd) / 64];
    word = value ? word | bit : word & ~bit;
  }
  static fd_set* Sets(Bits& set) {
    return reinterpret_cast<fd_set*>(set.data());
  }

  void Turn(timeval* timeout) {
    readable_ = read_;
    writable_ = write_;
    const int limit = static_cast<int>(tags_.size());
    int left =
        ::select(limit, Sets(readable_), Sets(writable_), nullptr, timeout);
    if (left <= 0) return;
    for (size_t i = 0; left > 0 && i < readable_.size(); ++i) {
      const uint64_t readable = readable_[i];
      const uint64_t writable = writable_[i];
      for (uint64_t word = readable | writable; word != 0; word &= word - 1) {
        const int bit = absl::countr_zero(word);
        const int can_read = static_cast<int>(readable >> bit & 1);
        const int can_write = static_cast<int>(writable >> bit & 1);
        left -= can_read + can_write;
        Handle(static_cast<int>(i * 64) + bit,
               can_read * kRead + can_write * kWrite);
      }
    }
  }

  void Handle(int fd, int ready) {
    if (fd == wakeup_.fd()) {
      wakeup_.Drain();
      handler_.Woken();
    } else {
      handler_.Ready(tags_[static_cast<size_t>(fd)], ready);
    }
  }

  Handler& handler_;
  RawWakeup wakeup_;
  Bits read_, write_;         // what is wanted
  Bits readable_, writable_;  // what select is asked, and its answer
  std::vector<size_t> tags_;  // by descriptor
};

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_SELECT_H_
