// Poller answers one question, the same way on every system: which of these
// file descriptors are ready now?
//
//   absl::StatusOr<std::unique_ptr<isopoll::Poller>> poller =
//       isopoll::Poller::Create();
//   (*poller)->Add(fd, isopoll::kReadable, /*token=*/7).IgnoreError();
//   isopoll::Event events[64];
//   absl::StatusOr<isopoll::WaitResult> result =
//       (*poller)->Wait(absl::MakeSpan(events), absl::Seconds(5));
//   for (size_t i = 0; i < result->count; ++i) Serve(events[i].token());
//
// THE CONTRACT. S(fd) is what select(2) with a zero timeout would answer for
// this open file now, a set of {readable, writable, priority}; I is the
// interest registered for fd. The rules hold for every backend alike.
//
//   R1  Wait reports fd iff S(fd) & I is not empty, with exactly S(fd) & I. A
//       change that the kernel announces to nobody may be missed until Modify:
//       docs/readiness.md names those that are known.
//   R2  A hangup or an error that projects to nothing asked for never causes
//       an event, never ends a Wait early, and never makes it spin.
//   R3  An empty interest parks a registration: it is kept, and silent.
//   R4  One Wait writes at most one event for one fd; directions are merged.
//   R5  If all ready fds fit in the span, all are returned. If not, and their
//       states stay, each appears within ceil(ready / span size) Waits. The
//       order is unspecified.
//   R6  kLevel is reported by every Wait while it holds. kOneShot is reported
//       once; then the interest is empty until Modify.
//   R7  A timeout of zero is one look without sleep; infinite is for ever.
//       Any other is a deadline on the steady clock: Wait never ends early,
//       and the resolution is the kernel's best. With nothing registered,
//       Wait sleeps.
//   R8  Signals are invisible: Wait goes on against the same deadline.
//   R9  Wakeup is sticky (a Wait that starts later returns at once),
//       coalesced, consumed by exactly one Wait, and never lost.
//   R10 All methods may be called from any thread, but only one Wait runs at a
//       time. Add, Modify and Remove take effect in a Wait already running.
//   R11 When Remove has returned, no event of that registration is written any
//       more, and the kernel no longer holds the file on its behalf. Call
//       Remove before close. A Wait just returning, and events returned
//       before, may tell of it still: free what a token points to in the
//       waiting thread, after the batch.
//   R12 An fd closed without Remove causes no undefined behaviour, no spin in
//       Wait, no error out of Wait and no event under another's token. Wait is
//       silent about it; but if a dup or a child holds the file, 255 Waits may
//       report it before. Modify and Set always mean the file that the number
//       has now, so they make the registration that file's. (A change undone
//       before the next Wait is no change.) Until then Wait may watch either
//       file, or none. With check_closed, the fd is reported once, as closed(),
//       and dropped.
//   R13 Two numbers of one open file are two registrations. A number removed
//       and added again gets no event of the old registration.
//   R14 What cannot be polled (regular files, directories, /dev/null) is
//       accepted, always readable and writable, and never of priority, even
//       where select says so.
//   R15 A Poller belongs to the process that made it. In a forked child every
//       call that returns a Status fails, Wakeup does nothing, and destruction
//       leaves the parent's Poller alone. (Elsewhere than on Linux, and before
//       4.14 there, a child made without the handlers of pthread_atfork(3) is
//       taken for its parent: do not use the Poller in it.) All its
//       descriptors are close-on-exec.
//   R16 Hints ride on an event and never cause one: see Event.
//   R17 Descriptors of any number work, far beyond FD_SETSIZE.
//   R18 A call that fails leaves the Poller as it was.
//
// On Windows a descriptor is a SOCKET, cast to int. Nothing is lost by that:
// handles have 32 significant bits, since programs of 32 and of 64 bits share
// them. Only sockets can be watched: R14 does not apply, and any other handle
// is one that is not open. S(fd) is what Winsock's select says, with one
// reading: its third set tells of a connect that failed as well as of
// out-of-band data. A failed connect is readable and writable, as all pending
// errors are, and priority is out-of-band data alone. There is no fork (R15).
//
// Readiness is a snapshot: another reader, or a datagram with a bad checksum,
// can make the read block after all. Keep descriptors in non-blocking mode.

#ifndef ISOPOLL_POLLER_POLLER_H_
#define ISOPOLL_POLLER_POLLER_H_

#include <cstddef>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/backend.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"

namespace isopoll {

struct PollerOptions {
  // DefaultBackend() if not set.
  std::optional<Backend> backend;

  // Hints are complete, and so equal in every backend, as far as poll(2) has
  // them: macOS's has few. Costs one poll(2) over the reported fds in each Wait
  // that reports any.
  bool exact_hints = false;

  // Each Wait first looks for fds that were closed without Remove, and for
  // numbers that are another file's now. Costs one fstat(2) for each registered
  // fd. Files are told apart by device and inode, as Add and Modify found them:
  // another file goes unnoticed if it shares both. That is another open of the
  // same name, the other end of the same pipe, and on Linux one eventfd,
  // timerfd, signalfd, epoll, inotify or other descriptor of an anonymous inode
  // in place of another; elsewhere one socket or pipe in place of another,
  // where fstat(2) tells no inode of them (NetBSD, tcp_usrreq.c, tcp_stat), and
  // one socket in place of another on Windows.
  bool check_closed = false;
};

// Thread-safe, but for destruction: no call may be in progress or follow.
//
// Errors, the same in every backend:
//   InvalidArgument     a negative fd, unknown interest bits, an empty span, a
//                       negative timeout
//   FailedPrecondition  at Add, an fd that is not open or was opened with
//                       O_PATH, on Windows one that is no socket; the Poller's
//                       own descriptor; a second Wait while one runs; any use
//                       in a forked child
//   AlreadyExists       Add of an fd that is registered
//   NotFound            Modify or Remove of an fd that is not
//   ResourceExhausted   the kernel is out of memory, descriptors or watches
//   Unavailable         a backend this system or this program does not have
//   Internal            somebody else closed a descriptor of the Poller's own,
//                       as a program does that closes a number twice: each Wait
//                       says so from then on, as soon as the backend notices
//   any other           what the kernel said, naming the system call
//
// The memory that is meant is the kernel's. Where operator new throws, nothing
// here catches: treat it as the end of the process, since the Poller must not
// be used or destroyed after that.
class Poller {
 public:
  static absl::StatusOr<std::unique_ptr<Poller>> Create(
      const PollerOptions& options = {});

  virtual ~Poller() = default;
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // Registers `fd`. The Poller does not own it and never reads or writes it.
  virtual absl::Status Add(int fd, Interest interest, Token token,
                           Trigger trigger) = 0;

  // Replaces interest, token and trigger; arms a one-shot registration again.
  virtual absl::Status Modify(int fd, Interest interest, Token token,
                              Trigger trigger) = 0;

  // Ends the registration. May wait for a Wait in another thread to leave the
  // kernel, which it is made to do at once.
  virtual absl::Status Remove(int fd) = 0;

  // "This is what I want of `fd` now", for callers that keep no account of what
  // is registered: Add if `fd` is not, Modify if it is, and for the empty
  // interest Remove, or nothing if there is nothing to remove.
  virtual absl::Status Set(int fd, Interest interest, Token token,
                           Trigger trigger) = 0;

  // The same with Trigger::kLevel.
  absl::Status Add(int fd, Interest interest, Token token) {
    return Add(fd, interest, token, Trigger::kLevel);
  }
  absl::Status Modify(int fd, Interest interest, Token token) {
    return Modify(fd, interest, token, Trigger::kLevel);
  }
  absl::Status Set(int fd, Interest interest, Token token) {
    return Set(fd, interest, token, Trigger::kLevel);
  }

  // Waits until a registered fd is ready, Wakeup is called, or `timeout` has
  // passed, and writes what is ready to the front of `events`, whose other
  // elements are left as they were or overwritten with unspecified values.
  //
  // An error of the kernel is returned by a Wait that has nothing to report and
  // was not woken; a change that could not be made is tried again by the next.
  // Wait is no cancellation point: to end a thread that waits, call Wakeup. (A
  // Wait of no time may act on a pthread_cancel(3) that is pending. It leaves
  // the Poller as it was.)
  virtual absl::StatusOr<WaitResult> Wait(absl::Span<Event> events,
                                          absl::Duration timeout) = 0;

  // Makes the Wait that is running, or else the next one, return with `woken`.
  // May be called from a signal handler and, on Windows, from a handler of
  // console events.
  virtual void Wakeup() = 0;

  virtual Backend backend() const = 0;

  // The number of registrations, parked ones included.
  virtual size_t size() const = 0;

 protected:
  Poller() = default;
};

}  // namespace isopoll

#endif  // ISOPOLL_POLLER_POLLER_H_
