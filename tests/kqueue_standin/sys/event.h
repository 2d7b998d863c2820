// The <sys/event.h> of the BSDs, for tests on Linux: the types and numbers are
// macOS's. What stands behind it, and where it is unlike a kernel:
// ../standin.h.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_SYS_EVENT_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_SYS_EVENT_H_

#include <stdint.h>
#include <time.h>

// The filters that the stand-in has. Which a queue has depends on the kernel it
// stands in for; the others are EINVAL.
#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)
#define EVFILT_USER (-10)    // macOS, FreeBSD
#define EVFILT_EXCEPT (-15)  // macOS

// Actions.
#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_ENABLE 0x0004
#define EV_DISABLE 0x0008

// Flags.
#define EV_ONESHOT 0x0010
#define EV_CLEAR 0x0020
#define EV_RECEIPT 0x0040
#define EV_DISPATCH 0x0080

// Answers.
#define EV_ERROR 0x4000
#define EV_EOF 0x8000

// fflags of EVFILT_READ and EVFILT_WRITE, and of EVFILT_EXCEPT.
#define NOTE_LOWAT 0x00000001
#define NOTE_OOB 0x00000002

// fflags of EVFILT_USER.
#define NOTE_TRIGGER 0x01000000
#define NOTE_FFNOP 0x00000000
#define NOTE_FFAND 0x40000000
#define NOTE_FFOR 0x80000000
#define NOTE_FFCOPY 0xc0000000
#define NOTE_FFCTRLMASK 0xc0000000
#define NOTE_FFLAGSMASK 0x00ffffff

struct kevent {
  uintptr_t ident;
  int16_t filter;
  uint16_t flags;
  uint32_t fflags;
  intptr_t data;
  void* udata;
};

#define EV_SET(event, identifier, filter_number, actions, notes, number, user) \
  do {                                                                         \
    struct kevent* ev_set_event = (event);                                     \
    ev_set_event->ident = (identifier);                                        \
    ev_set_event->filter = (filter_number);                                    \
    ev_set_event->flags = (actions);                                           \
    ev_set_event->fflags = (notes);                                            \
    ev_set_event->data = (number);                                             \
    ev_set_event->udata = (user);                                              \
  } while (0)

#ifdef __cplusplus
extern "C" {
#endif

// A queue that answers as macOS does.
int kqueue(void);

// For the queues of every personality.
int kevent(int kq, const struct kevent* changelist, int nchanges,
           struct kevent* eventlist, int nevents,
           const struct timespec* timeout);

#ifdef __cplusplus
}
#endif

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_SYS_EVENT_H_
