// EpollCalls: the system calls of the epoll backend, in one table that a test
// can replace to script the kernel. (The wake-up's are in poller/system.)

#ifndef ISOPOLL_POLLER_EPOLL_EPOLL_CALLS_H_
#define ISOPOLL_POLLER_EPOLL_EPOLL_CALLS_H_

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <ctime>

#include "poller/system/descriptor_calls.h"

namespace isopoll {
namespace internal {

// As the manuals have them.
struct EpollCalls {
  static int Create() { return ::epoll_create1(EPOLL_CLOEXEC); }
  static int Control(int epoll, int operation, int fd, epoll_event* event) {
    return ::epoll_ctl(epoll, operation, fd, event);
  }
  static int Wait(int epoll, epoll_event* events, int room, int milliseconds) {
    return ::epoll_wait(epoll, events, room, milliseconds);
  }
  static int Pwait2(int epoll, epoll_event* events, int room,
                    const timespec& timeout);
  static const DescriptorCalls& Descriptors() { return HostDescriptorCalls(); }
  static int Eventfd() { return ::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK); }
  static int Dup3(int from, int to) { return ::dup3(from, to, O_CLOEXEC); }
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_EPOLL_EPOLL_CALLS_H_
