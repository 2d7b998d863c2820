// A kqueue for tests on Linux, made of what Linux has, so that a kqueue backend
// can be held to select(2) beside the others on the same descriptors.
//
// It is no kernel. What it was made after: XNU 7195 and NetBSD 7.99 as they
// were seen to answer, and FreeBSD 13's source. How they differ: facts.h.
//
// What is ready. A kernel's kqueue agrees with that kernel's own select in most
// states. There EVFILT_READ and EVFILT_WRITE agree with Linux's select here,
// also in states where the BSDs' select says something else than Linux's:
//   - a TCP or Unix-domain socket never connected: both filters fire, with
//     EV_EOF, as Linux takes it for hung up (the kernels: neither);
//   - the read end of a pipe whose writer is gone: EVFILT_WRITE is accepted and
//     silent (macOS: fires with EV_EOF; NetBSD: EV_ADD fails with EBADF).
// Where a kernel's kqueue is at odds with its own select, so is this one with
// Linux's, and a backend has to know better:
//   - FreeBSD, whose pipes go both ways: EVFILT_WRITE always fires for a read
//     end, EVFILT_READ does for a write end whose reader is gone;
//   - FreeBSD, NetBSD: EVFILT_WRITE added to the write end of a pipe whose
//     reader is gone fails with EPIPE or EBADF;
//   - NetBSD: that the reader of a full pipe goes is told nobody; EVFILT_WRITE
//     always fires for a FIFO;
//   - FreeBSD, NetBSD: that SO_RCVLOWAT comes down to what a TCP socket has
//     received already is told nobody;
//   - NetBSD: a listener that was shut down does not fire EVFILT_READ, nor a
//     terminal that is hung up either filter; a terminal whose master is closed
//     has no fstat(). FreeBSD: such a listener does not fire EVFILT_WRITE;
//   - macOS: a FIFO fires for bytes and for room, not for the other side's end;
//     a pseudo-terminal's master that was hung up once goes on saying so;
//   - an error that the peer leaves on a Unix-domain datagram socket is told
//     nobody;
//   - regular files fire EVFILT_READ while the offset is not the size; some
//     filters of files, directories and devices are refused, and NetBSD's
//     directories are silent;
//   - EVFILT_EXCEPT, on macOS, fires for all that EVFILT_READ fires for, and
//     NOTE_OOB stays in a knote when the mark has passed.
//
// Where it is unlike a kernel:
//   - Closing a number drops its knotes when close(), dup2(), dup3() or
//     close_range() are called by name; a descriptor closed inside libc (by
//     fclose(), say) or by a bare system call keeps them.
//   - The number of a queue is that of an epoll set: fcntl() says so, a forked
//     child inherits it (and has EBADF of kevent(), as if it had not), it
//     cannot be dup'ed, nor be watched by another queue, and to poll(2) and
//     select(2) it may be ready when it has no events. Use Poll(). A queue
//     takes two more descriptors.
//   - fflags with EV_EOF is ECONNREFUSED or ECONNRESET in a BSD's number, by
//     the looks of the socket: Linux forgets the true one when asked. EV_EOF is
//     not sticky on sockets. That a Unix-domain seqpacket or datagram socket
//     shut down its own writing is not noticed.
//   - data is exact for bytes to read, for files, and for TCP connections that
//     wait; of the rest it is roughly so.
//   - EV_CLEAR: any news of the descriptor counts for each of its filters that
//     is ready, so it reports too often, never too seldom.
//   - A sleep is not ended by a regular file that grows.
//   - What a socket is, a listener or not, is asked once, at EV_ADD: on NetBSD
//     one that listens later and is shut down then still fires EVFILT_READ.
//   - NOTE_LOWAT is EINVAL; EVFILT_VNODE, _TIMER, _PROC, _SIGNAL are not there.
//   - macOS's longest timeout (that of older kernels) was not seen, nor read
//     for 7195.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_STANDIN_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_STANDIN_H_

#include <poll.h>
#include <sys/stat.h>

#include <ctime>

namespace isopoll::kqueue_standin {

enum class Personality { kMacos, kFreebsd, kNetbsd };

// As kqueue(): the number of a new queue, or -1 and errno. The queue is for
// kevent(), is ended by close(), and is of no use in a forked child (EBADF).
// Queues of all personalities can live side by side. Safe for threads.
int KqueueMacos();
int KqueueFreebsd();
int KqueueNetbsd();

// As ppoll(2) without signals, but queues may be among the descriptors: POLLIN
// says that kevent() would give an event.
int Poll(pollfd* fds, nfds_t count, const timespec* timeout);

// The same of macOS, whose poll(2) shows no error of a socket. (Here it does
// where the filters do not, since Linux's is what the hints are held to.)
int PollMacos(pollfd* fds, nfds_t count, const timespec* timeout);

// The same by macOS's select(2), which is of priority for all that is always
// ready.
int SelectMacos(pollfd* fds, nfds_t count, const timespec* timeout);

// As fstat(2) of a BSD: a pipe is of no device, which tells it from a FIFO, and
// only what is always ready is a regular file. (On Linux message queues and
// some files in /proc are, too; here they are sockets.)
int Fstat(int fd, struct stat* status);

// The same of NetBSD, which revokes a terminal when its master is closed: it
// has no status then (EBADF), though it is open.
int FstatNetbsd(int fd, struct stat* status);

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_STANDIN_H_
