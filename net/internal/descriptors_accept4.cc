#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/internal/descriptors.h"

namespace isopoll {
namespace internal {

const int kSendFlags = MSG_NOSIGNAL;

int OpenSocket(int family, int type) {
  return ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int OpenSocketPair(int type, int fds[2]) {
  return ::socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds);
}

int OpenPipe(int fds[2]) { return ::pipe2(fds, O_NONBLOCK | O_CLOEXEC); }

int AcceptSocket(int listener, sockaddr* peer, socklen_t* length) {
  return ::accept4(listener, peer, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

}  // namespace internal
}  // namespace isopoll
