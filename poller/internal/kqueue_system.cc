#include "poller/internal/kqueue_system.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "poller/interest.h"

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

bool Listens(const KqueueSystem& system, int fd) {
  int listens = 0;
  socklen_t size = sizeof(listens);
  return system.getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) ==
             0 &&
         listens != 0;
}

}  // namespace

Interest UnseenByFilters(const KqueueSystem& system, int fd,
                         const struct stat& file, int flags) {
  if (S_ISFIFO(file.st_mode)) {
    return system.traits.blind_for_fifos && HasName(file)
               ? kReadable | kWritable
               : WrongEnd(flags);
  }
  if (S_ISCHR(file.st_mode)) {
    return system.traits.blind_for_hung_up_terminals ? kReadable | kWritable
                                                     : kNone;
  }
  return system.traits.blind_for_shut_listeners && S_ISSOCK(file.st_mode) &&
                 Listens(system, fd)
             ? kReadable
             : kNone;
}

}  // namespace internal
}  // namespace isopoll
