#include <mswsock.h>

#include <cerrno>

#include "net/internal/descriptors.h"
#include "net/internal/winsock.h"

namespace isopoll {
namespace internal {
namespace {

// Takes `socket`, from a call that may have failed.
int NonBlocking(SOCKET socket) {
  if (socket == INVALID_SOCKET) return FailWithLastError();
  u_long on = 1;
  if (::ioctlsocket(socket, static_cast<long>(FIONBIO), &on) == 0) {
    return FromSocket(socket);
  }
  FailWithLastError();
  ::closesocket(socket);
  return -1;
}

// As on other systems, a datagram that one peer does not take is no error of a
// socket with many. ConnectAtOnce undoes it.
void IgnoreUnreachablePeers(SOCKET socket) {
  BOOL off = FALSE;
  DWORD none;
  ::WSAIoctl(socket, SIO_UDP_CONNRESET, &off, sizeof(off), nullptr, 0, &none,
             nullptr, nullptr);
}

}  // namespace

const int kSendFlags = 0;

int OpenSocket(int family, int type) {
  if (const int code = StartWinsock(); code != 0) return FailWith(code);
  const int fd = NonBlocking(
      ::WSASocketW(family, type, 0, nullptr, 0,
                   WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT));
  if (fd != -1 && type == SOCK_DGRAM) IgnoreUnreachablePeers(ToSocket(fd));
  return fd;
}

// A pair of TCP would be something else: TcpPair makes one that says so.
int OpenSocketPair(int /*type*/, int* /*fds*/) {
  errno = EOPNOTSUPP;
  return -1;
}

// Windows' pipes are no sockets, so nothing polls them.
int OpenPipe(int* /*fds*/) {
  errno = EOPNOTSUPP;
  return -1;
}

int AcceptSocket(int listener, sockaddr* peer, socklen_t* length) {
  const SOCKET socket = ::accept(ToSocket(listener), peer, length);
  if (socket != INVALID_SOCKET) {
    ::SetHandleInformation(reinterpret_cast<HANDLE>(socket),
                           HANDLE_FLAG_INHERIT, 0);
  }
  return NonBlocking(socket);
}

}  // namespace internal
}  // namespace isopoll
