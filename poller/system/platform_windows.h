#ifndef ISOPOLL_POLLER_SYSTEM_PLATFORM_WINDOWS_H_
#define ISOPOLL_POLLER_SYSTEM_PLATFORM_WINDOWS_H_

#include <winsock2.h>

#include <cstdint>

namespace isopoll {
namespace internal {

// As poll(2) has it. WSAPoll has a SOCKET for the descriptor, and does not pass
// over one that is negative.
struct PollEntry {
  int fd;
  short events;
  short revents;
};
using PollCount = unsigned long;

// An fd_set is an array of sockets here: see select_call_windows.cc.
using FdSetWord = uint64_t;

// Sockets are handles, which are multiples of four. The kernel passes over the
// two bits below, so that other numbers would name the same sockets.
inline constexpr int kDescriptorStep = 4;

// There is no pthread_cancel(3).
class NoCancellation {
 public:
  explicit NoCancellation(bool /*wanted*/) {}
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_PLATFORM_WINDOWS_H_
