// NetBSD's, which has pollts beside.

#ifndef ISOPOLL_TOOLS_BSD_NETBSD_POLL_H_
#define ISOPOLL_TOOLS_BSD_NETBSD_POLL_H_

#include_next <poll.h>
#include <signal.h>
#include <time.h>

extern "C" int pollts(pollfd* fds, nfds_t count, const timespec* timeout,
                      const sigset_t* mask);

#endif  // ISOPOLL_TOOLS_BSD_NETBSD_POLL_H_
