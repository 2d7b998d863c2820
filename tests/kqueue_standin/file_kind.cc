#include "tests/kqueue_standin/file_kind.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <cerrno>

namespace isopoll::kqueue_standin {
namespace {

// Made before main: one made for each question would take, for a moment, the
// number of a file that the test has closed.
const int scratch_set = ::epoll_create1(EPOLL_CLOEXEC);

int Option(int fd, int option) {
  int value = 0;
  socklen_t size = sizeof(value);
  if (::getsockopt(fd, SOL_SOCKET, option, &value, &size) != 0) return -1;
  return value;
}

FileKind KindOfSocket(int fd) {
  const int domain = Option(fd, SO_DOMAIN);
  const int type = Option(fd, SO_TYPE);
  const bool internet = domain == AF_INET || domain == AF_INET6;
  const bool listens = Option(fd, SO_ACCEPTCONN) == 1;
  if (internet && type == SOCK_STREAM) {
    return listens ? FileKind::kTcpListener : FileKind::kTcp;
  }
  if (internet && type == SOCK_DGRAM) return FileKind::kUdp;
  if (domain == AF_UNIX && type == SOCK_STREAM && !listens) {
    return FileKind::kUnixStream;
  }
  if (domain == AF_UNIX && type == SOCK_DGRAM) return FileKind::kUnixDatagram;
  return FileKind::kSocket;
}

int AccessMode(int fd) { return ::fcntl(fd, F_GETFL) & O_ACCMODE; }

bool IsAnonymousPipe(int fd) {
  struct statfs file_system;
  return ::fstatfs(fd, &file_system) == 0 && file_system.f_type == PIPEFS_MAGIC;
}

// Whether `device` is /dev/tty, for which macOS has no filter.
bool IsControllingTerminal(dev_t device) {
  return major(device) == 5 && minor(device) == 0;
}

// Of a pseudo-terminal.
bool IsSlave(dev_t device) {
  return 136 <= major(device) && major(device) <= 143;
}

// By number (Documentation/admin-guide/devices.txt), as one that is hung up is
// no terminal to isatty(3) any more.
bool IsTerminal(dev_t device) {
  const unsigned kind = major(device);
  return kind == 4 || kind == 5 || IsSlave(device);
}

}  // namespace

FileKind KindOf(int fd, bool pollable) {
  struct stat status;
  if (::fstat(fd, &status) != 0) return FileKind::kPollable;
  if (S_ISSOCK(status.st_mode)) return KindOfSocket(fd);
  if (S_ISFIFO(status.st_mode)) {
    return IsAnonymousPipe(fd) ? FileKind::kPipe : FileKind::kFifo;
  }
  if (S_ISCHR(status.st_mode) && IsControllingTerminal(status.st_rdev)) {
    return FileKind::kControllingTerminal;
  }
  if (S_ISCHR(status.st_mode) && IsTerminal(status.st_rdev)) {
    return FileKind::kTerminal;
  }
  if (pollable) return FileKind::kPollable;
  if (S_ISREG(status.st_mode)) return FileKind::kRegular;
  return S_ISDIR(status.st_mode) ? FileKind::kDirectory : FileKind::kDevice;
}

bool IsSocket(FileKind kind) {
  switch (kind) {
    case FileKind::kTcp:
    case FileKind::kTcpListener:
    case FileKind::kUdp:
    case FileKind::kUnixStream:
    case FileKind::kUnixDatagram:
    case FileKind::kSocket:
      return true;
    default:
      return false;
  }
}

bool IsPollable(int fd) {
  epoll_event nothing = {};
  if (::epoll_ctl(scratch_set, EPOLL_CTL_ADD, fd, &nothing) != 0) {
    return errno != EPERM;
  }
  ::epoll_ctl(scratch_set, EPOLL_CTL_DEL, fd, nullptr);
  return true;
}

bool IsRevoked(int fd) {
  struct stat status;
  if (::fstat(fd, &status) != 0 || !S_ISCHR(status.st_mode) ||
      !IsSlave(status.st_rdev)) {
    return false;
  }
  pollfd entry = {fd, 0, 0};
  return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLHUP) != 0;
}

bool IsWriteOnly(int fd) { return AccessMode(fd) == O_WRONLY; }

bool IsReadOnly(int fd) { return AccessMode(fd) == O_RDONLY; }

}  // namespace isopoll::kqueue_standin
