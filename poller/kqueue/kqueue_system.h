// KqueueSystem: the calls by which the kqueue backend reaches its kernel.
//
// kqueue_system_macos.cc and its siblings have one each. The backend calls the
// kernel through this table only, so that it runs unchanged on any other
// implementation, a kernel built as a library or a stand-in for tests: make it
// with MakeKqueuePoller of that one's table.

#ifndef ISOPOLL_POLLER_KQUEUE_KQUEUE_SYSTEM_H_
#define ISOPOLL_POLLER_KQUEUE_KQUEUE_SYSTEM_H_

#include <sys/event.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <ctime>

#include "isopoll/interest.h"
#include "poller/kqueue/kernel_fd.h"
#include "poller/kqueue/kqueue_traits.h"
#include "poller/system/poll_call.h"
#include "poller/system/unix_descriptor_calls.h"

namespace isopoll {
namespace internal {

// A filter that not every <sys/event.h> has, and its note. Both are 0 where
// there is none: no such filter has the number 0.
struct OptionalFilter {
  int64_t number;  // wide enough for a type with a sign and one without
  uint32_t note;

  bool exists() const { return number != 0; }
};

struct KqueueSystem : UnixDescriptorCalls {
  KqueueTraits traits = {};
  // EVFILT_EXCEPT and NOTE_OOB, which tell of out-of-band data as macOS has
  // them: those of OpenBSD and DragonFly were not tried. Without them poll(2)
  // watches for priority.
  OptionalFilter except = {};
  // EVFILT_USER and NOTE_TRIGGER, which wake the sleeper up. Without them a
  // pipe does: NetBSD has them from 10 on, and OpenBSD from 7.8 on.
  OptionalFilter user = {};

  // The poll that watches what the filters do not see.
  PollFunction* watching_poll = nullptr;
  // The same, but neither says nor wakes for what was not asked for.
  PollFunction* quiet_poll = nullptr;

  // As false_priority.h has it.
  Interest (*without_false_priority)(int fd, Interest interest) = nullptr;

  // The other calls, as the manuals have them.
  int (*kqueue)() = nullptr;
  int (*kevent)(int kqueue, const struct kevent* changes, int change_count,
                struct kevent* events, int event_count,
                const timespec* timeout) = nullptr;
  int (*getsockopt)(int fd, int level, int option, void* value,
                    socklen_t* size) = nullptr;
  int (*getsockname)(int fd, sockaddr* name, socklen_t* size) = nullptr;
  int (*pipe)(int fds[2]) = nullptr;
  ssize_t (*read)(int fd, void* data, size_t size) = nullptr;
  ssize_t (*write)(int fd, const void* data, size_t size) = nullptr;
  KernelFd::CloseFunction* close = nullptr;
};

// That of the system this was compiled for.
const KqueueSystem& HostKqueueSystem();

// Which directions of an open file the filters are blind for, or see otherwise
// than select does. `flags` are those of fcntl(F_GETFL).
Interest UnseenByFilters(const KqueueSystem& system, int fd,
                         const struct stat& file, int flags);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_KQUEUE_KQUEUE_SYSTEM_H_
