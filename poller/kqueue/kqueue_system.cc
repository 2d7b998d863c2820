#include "poller/kqueue/kqueue_system.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "poller/interest.h"
#include "poller/kqueue/kqueue_traits.h"

namespace isopoll {
namespace internal {
namespace {

// Nobody can write to a pipe's read end, nor read from its write end, yet
// select has an opinion, and no kernel's filters share it in all states.
Interest WrongEnd(int flags) {
  switch (flags & O_ACCMODE) {
    case O_RDONLY:
      return kWritable;
    case O_WRONLY:
      return kReadable;
    default:
      return kNone;
  }
}

// A pipe is on no device (sys_pipe.c, pipe_stat).
bool HasName(const struct stat& fifo) { return fifo.st_dev != 0; }

// 0 also if it cannot be told.
int Option(const KqueueSystem& system, int fd, int option) {
  int value = 0;
  socklen_t size = sizeof(value);
  return system.getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value
                                                                       : 0;
}

bool IsUnixDatagram(const KqueueSystem& system, int fd) {
  if (Option(system, fd, SO_TYPE) != SOCK_DGRAM) return false;
  sockaddr_storage name = {};
  socklen_t size = sizeof(name);
  return system.getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) ==
             0 &&
         name.ss_family == AF_UNIX;
}

// When the peer of a Unix-domain datagram socket closes, every kernel stores an
// error, which makes it readable, and wakes nobody (uipc_usrreq.c, unp_drop).
Interest UnseenOfSocket(const KqueueSystem& system, int fd) {
  if (IsUnixDatagram(system, fd)) return kReadable;
  return system.traits.blind_for_listeners &&
                 Option(system, fd, SO_ACCEPTCONN) != 0
             ? kReadable | kWritable
             : kNone;
}

}  // namespace

Interest UnseenByFilters(const KqueueSystem& system, int fd,
                         const struct stat& file, int flags) {
  const KqueueTraits& traits = system.traits;
  if (S_ISFIFO(file.st_mode)) {
    const bool blind =
        HasName(file) ? traits.blind_for_fifos : traits.blind_for_pipes;
    return blind ? kReadable | kWritable : WrongEnd(flags);
  }
  if (S_ISCHR(file.st_mode)) {
    return traits.blind_for_terminals ? kReadable | kWritable : kNone;
  }
  return S_ISSOCK(file.st_mode) ? UnseenOfSocket(system, fd) : kNone;
}

}  // namespace internal
}  // namespace isopoll
