#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "net/internal/descriptors.h"

namespace isopoll {
namespace internal {
namespace {

bool SetFlags(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  return ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
         ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

bool SetSocketFlags(int fd) {
  const int on = 1;
  return SetFlags(fd) &&
         ::setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on)) == 0;
}

void CloseKeepingErrno(int fd) {
  const int saved_errno = errno;
  ::close(fd);
  errno = saved_errno;
}

}  // namespace

const int kSendFlags = 0;

int OpenSocket(int family, int type) {
  const int fd = ::socket(family, type, 0);
  if (fd == -1 || SetSocketFlags(fd)) return fd;
  CloseKeepingErrno(fd);
  return -1;
}

int OpenSocketPair(int type, int fds[2]) {
  if (::socketpair(AF_UNIX, type, 0, fds) == -1) return -1;
  if (SetSocketFlags(fds[0]) && SetSocketFlags(fds[1])) return 0;
  CloseKeepingErrno(fds[0]);
  CloseKeepingErrno(fds[1]);
  return -1;
}

int OpenPipe(int fds[2]) {
  if (::pipe(fds) == -1) return -1;
  if (SetFlags(fds[0]) && SetFlags(fds[1])) return 0;
  CloseKeepingErrno(fds[0]);
  CloseKeepingErrno(fds[1]);
  return -1;
}

int AcceptSocket(int listener, sockaddr* peer, socklen_t* length) {
  const int fd = ::accept(listener, peer, length);
  if (fd == -1 || SetSocketFlags(fd)) return fd;
  CloseKeepingErrno(fd);
  // The kernel refuses options on a connection that was reset in the queue.
  if (errno == EINVAL) errno = ECONNABORTED;
  return -1;
}

}  // namespace internal
}  // namespace isopoll
