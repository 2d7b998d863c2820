// RawWakeup: an eventfd, as one would write it by hand: the waker writes, and
// the loop reads when it is readable.

#ifndef ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_WAKEUP_H_
#define ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_WAKEUP_H_

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "isopoll/net/unique_fd.h"
#include "tools/bench/must.h"

namespace isopoll::bench {

class RawWakeup {
 public:
  RawWakeup() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    Must(bool{fd_}, "eventfd");
  }

  int fd() const { return fd_.get(); }

  void Signal() const {
    const uint64_t one = 1;
    Must(::write(fd(), &one, sizeof(one)) == sizeof(one), "write to eventfd");
  }

  void Drain() const {
    uint64_t count;
    Must(::read(fd(), &count, sizeof(count)) == sizeof(count),
         "read from eventfd");
  }

 private:
  UniqueFd fd_;
};

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_DRIVERS_RAW_WAKEUP_H_
