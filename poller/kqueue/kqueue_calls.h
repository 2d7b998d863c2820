// The calls of a KqueueSystem as most systems' C libraries have them.

#ifndef ISOPOLL_POLLER_KQUEUE_KQUEUE_CALLS_H_
#define ISOPOLL_POLLER_KQUEUE_KQUEUE_CALLS_H_

#include <sys/event.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>

#include "poller/kqueue/kqueue_system.h"
#include "poller/kqueue/kqueue_traits.h"
#include "poller/system/false_priority.h"
#include "poller/system/poll_by_select.h"
#include "poller/system/poll_call.h"
#include "poller/system/unix_descriptor_calls.h"

namespace isopoll {
namespace internal {

// NetBSD counts in size_t, the others in int.
template <typename Size>
int CallKevent(int (*call)(int kqueue, const struct kevent* changes,
                           Size change_count, struct kevent* events,
                           Size event_count, const timespec* timeout),
               int kqueue, const struct kevent* changes, int change_count,
               struct kevent* events, int event_count,
               const timespec* timeout) {
  return call(kqueue, changes, static_cast<Size>(change_count), events,
              static_cast<Size>(event_count), timeout);
}

// In lambdas are those that some system declares otherwise than KqueueSystem.
inline KqueueSystem UsualKqueueCalls(const KqueueTraits& traits) {
  KqueueSystem system;
  static_cast<UnixDescriptorCalls&>(system) = HostUnixDescriptorCalls();
  system.traits = traits;
  system.kqueue = &::kqueue;
  system.kevent = [](int kqueue, const struct kevent* changes, int change_count,
                     struct kevent* events, int event_count,
                     const timespec* timeout) {
    return CallKevent(&::kevent, kqueue, changes, change_count, events,
                      event_count, timeout);
  };
  system.watching_poll = &PollFor;
  system.quiet_poll = &PollBySelect;
  system.without_false_priority = &WithoutFalsePriority;
  system.getsockopt = &::getsockopt;
  system.getsockname = [](int fd, sockaddr* name, socklen_t* size) {
    return ::getsockname(fd, name, size);
  };
  system.pipe = &::pipe;
  system.read = &::read;
  system.write = &::write;
  system.close = &::close;
  return system;
}

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_KQUEUE_KQUEUE_CALLS_H_
