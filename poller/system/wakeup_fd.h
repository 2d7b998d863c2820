// WakeupFd: a descriptor that becomes readable when told to.

#ifndef ISOPOLL_POLLER_SYSTEM_WAKEUP_FD_H_
#define ISOPOLL_POLLER_SYSTEM_WAKEUP_FD_H_

#include <utility>

#include "absl/status/statusor.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll {
namespace internal {

class WakeupFd {
 public:
  static absl::StatusOr<WakeupFd> Create();

  // To be watched for readability.
  int fd() const { return read_end_.get(); }
  bool Owns(int fd) const {
    return fd == read_end_.get() || (write_end_ && fd == write_end_.get());
  }

  // Makes fd() readable, and an edge for those who watch for edges. From any
  // thread and from a signal handler; leaves errno alone. False: the descriptor
  // was closed by somebody else.
  bool Signal() const;

  // Makes fd() unreadable until the next Signal. False as of Signal.
  bool Drain() const;

 private:
  WakeupFd(UniqueFd read_end, UniqueFd write_end)
      : read_end_(std::move(read_end)), write_end_(std::move(write_end)) {}

  UniqueFd read_end_;
  UniqueFd write_end_;  // none where one descriptor serves as both
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_WAKEUP_FD_H_
