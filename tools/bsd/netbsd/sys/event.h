// NetBSD's types and names, of which the kqueue backend uses these. The types
// are those before NetBSD 10, which has `void* udata`.

#ifndef ISOPOLL_TOOLS_BSD_NETBSD_SYS_EVENT_H_
#define ISOPOLL_TOOLS_BSD_NETBSD_SYS_EVENT_H_

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define EVFILT_READ 0U
#define EVFILT_WRITE 1U

#define EV_ADD 0x0001U
#define EV_DELETE 0x0002U
#define EV_ONESHOT 0x0010U
#define EV_CLEAR 0x0020U
#define EV_RECEIPT 0x0040U
#define EV_ERROR 0x4000U
#define EV_EOF 0x8000U

struct kevent {
  uintptr_t ident;
  uint32_t filter;
  uint32_t flags;
  uint32_t fflags;
  int64_t data;
  intptr_t udata;
};

extern "C" {
int kqueue(void);
int kevent(int kq, const struct kevent* changelist, size_t nchanges,
           struct kevent* eventlist, size_t nevents,
           const struct timespec* timeout);
}

#endif  // ISOPOLL_TOOLS_BSD_NETBSD_SYS_EVENT_H_
