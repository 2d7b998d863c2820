// Waiting for the loopback network to come to rest.
//
// What is sent over loopback (data, FIN, RST, the ICMP error) is handled by
// the kernel soon after, on the CPU that sent it, first come first served. So
// when a datagram sent later by the same CPU has arrived, all that was sent
// before it has been handled. No timing is involved. (So it is on Linux, and
// under Wine, where each CPU is asked. Of Windows nobody knows.)

#ifndef ISOPOLL_TESTS_SUPPORT_LOOPBACK_H_
#define ISOPOLL_TESTS_SUPPORT_LOOPBACK_H_

#include <vector>

#include "absl/status/status.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::tests {

// Keeps the thread on the CPU it is on, from construction to destruction.
class StayOnCpu {
 public:
  StayOnCpu();
  ~StayOnCpu();
  StayOnCpu(const StayOnCpu&) = delete;
  StayOnCpu& operator=(const StayOnCpu&) = delete;

 private:
  std::vector<int> before_;
};

// Used by one thread at a time.
class LoopbackBarrier {
 public:
  // Returns when what this thread sent over loopback, and the replies it
  // caused (a handshake is the longest chain), have been handled. The thread
  // must have stayed on one CPU since.
  absl::Status Pass();

 private:
  absl::Status Open();
  absl::Status SendAndReceive();
  absl::Status PassHere();

  UniqueFd socket_;  // connected to itself
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_LOOPBACK_H_
