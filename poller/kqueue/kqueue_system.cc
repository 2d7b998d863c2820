#include "poller/kqueue/kqueue_system.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <optional>

#include "isopoll/interest.h"
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

bool NoMemory() { return errno == ENOBUFS || errno == ENOMEM; }

// 0 if the socket has no such option, none if there is no memory to tell.
std::optional<int> Option(const KqueueSystem& system, int fd, int option) {
  int value;
  socklen_t size = sizeof(value);
  if (system.getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0) {
    return value;
  }
  return NoMemory() ? std::nullopt : std::make_optional(0);
}

// Also if it cannot be told.
bool IsUnix(const KqueueSystem& system, int fd) {
  sockaddr_storage name = {};
  socklen_t size = sizeof(name);
  if (system.getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) == 0) {
    return name.ss_family == AF_UNIX;
  }
  return NoMemory();
}

// When the peer of a Unix-domain datagram socket closes, every kernel stores an
// error, which makes it readable, and wakes nobody (uipc_usrreq.c, unp_drop).
Interest UnseenOfSocket(const KqueueSystem& system, int fd) {
  const std::optional<int> type = Option(system, fd, SO_TYPE);
  if (type == SOCK_DGRAM && IsUnix(system, fd)) return kReadable;
  const std::optional<int> listens =
      system.traits.blind_for_listeners ? Option(system, fd, SO_ACCEPTCONN) : 0;
  return type.has_value() && listens == 0 ? kNone : kReadable | kWritable;
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
