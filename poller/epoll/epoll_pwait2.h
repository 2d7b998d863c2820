// epoll_pwait2(2), a system call that not every C library declares.

#ifndef ISOPOLL_POLLER_EPOLL_EPOLL_PWAIT2_H_
#define ISOPOLL_POLLER_EPOLL_EPOLL_PWAIT2_H_

#include <sys/epoll.h>

#include <ctime>

namespace isopoll {
namespace internal {

// As the manual has it, without a signal mask.
int EpollPwait2(int epoll, epoll_event* events, int room,
                const timespec& timeout);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_EPOLL_EPOLL_PWAIT2_H_
