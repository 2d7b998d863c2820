#include <mswsock.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>
#include <string>

#include "net/internal/sys.h"
#include "net/internal/winsock.h"

namespace isopoll {
namespace sys {
namespace {

using internal::FailWith;
using internal::FailWithLastError;
using internal::ToSocket;

// Far beyond any connection within this machine.
constexpr int kConnectMilliseconds = 10000;

int Done(int result) {
  return result == SOCKET_ERROR ? FailWithLastError() : result;
}

int AtOnce(size_t size) {
  return static_cast<int>(std::min<size_t>(size, INT_MAX));
}

// Of a datagram socket that is connected it is an error that nobody is there;
// OpenSocket makes it none. Other sockets refuse this.
void HeedUnreachablePeer(int fd) {
  BOOL on = TRUE;
  DWORD none;
  ::WSAIoctl(ToSocket(fd), SIO_UDP_CONNRESET, &on, sizeof(on), nullptr, 0,
             &none, nullptr, nullptr);
}

// The outcome of a connect that has begun.
int FinishConnect(int fd) {
  if (PollOne(fd, POLLOUT, kConnectMilliseconds) != 1) {
    return FailWith(WSAETIMEDOUT);
  }
  int error;
  socklen_t size = sizeof(error);
  if (GetSockOpt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == -1) return -1;
  errno = error;
  return error == 0 ? 0 : -1;
}

}  // namespace

int Bind(int fd, const sockaddr* address, socklen_t length) {
  return Done(::bind(ToSocket(fd), address, length));
}

int Listen(int fd, int backlog) {
  return Done(::listen(ToSocket(fd), backlog));
}

int Connect(int fd, const sockaddr* address, socklen_t length) {
  if (::connect(ToSocket(fd), address, length) == 0) return 0;
  const int code = ::WSAGetLastError();
  return FailWith(code == WSAEWOULDBLOCK ? WSAEINPROGRESS : code);
}

// Winsock does not promise that a Unix-domain socket takes no time.
int ConnectAtOnce(int fd, const sockaddr* address, socklen_t length) {
  if (Connect(fd, address, length) == 0) {
    HeedUnreachablePeer(fd);
    return 0;
  }
  return errno == EINPROGRESS ? FinishConnect(fd) : -1;
}

int Shutdown(int fd, int how) { return Done(::shutdown(ToSocket(fd), how)); }

int Close(int fd) { return Done(::closesocket(ToSocket(fd))); }

int GetSockName(int fd, sockaddr* address, socklen_t* length) {
  return Done(::getsockname(ToSocket(fd), address, length));
}

int GetPeerName(int fd, sockaddr* address, socklen_t* length) {
  return Done(::getpeername(ToSocket(fd), address, length));
}

int GetSockOpt(int fd, int level, int name, void* value, socklen_t* length) {
  // Of some switches, as TCP_NODELAY, one byte is written.
  std::memset(value, 0, static_cast<size_t>(*length));
  const int result = Done(::getsockopt(ToSocket(fd), level, name,
                                       static_cast<char*>(value), length));
  if (result == 0 && level == SOL_SOCKET && name == SO_ERROR) {
    int* error = static_cast<int*>(value);
    if (*error != 0) *error = internal::ToErrno(*error);
  }
  return result;
}

int SetSockOpt(int fd, int level, int name, const void* value,
               socklen_t length) {
  if (::setsockopt(ToSocket(fd), level, name, static_cast<const char*>(value),
                   length) == 0) {
    return 0;
  }
  const int code = ::WSAGetLastError();
  // So Wine refuses what is for TCP on another socket.
  const bool other_protocol = level == IPPROTO_TCP && code == WSAEINVAL;
  return FailWith(other_protocol ? WSAENOPROTOOPT : code);
}

ptrdiff_t Recv(int fd, void* data, size_t size) {
  return Done(::recv(ToSocket(fd), static_cast<char*>(data), AtOnce(size), 0));
}

ptrdiff_t Send(int fd, const void* data, size_t size) {
  return Done(
      ::send(ToSocket(fd), static_cast<const char*>(data), AtOnce(size), 0));
}

ptrdiff_t RecvFrom(int fd, void* data, size_t size, sockaddr* from,
                   socklen_t* length, bool* truncated) {
  const int count = ::recvfrom(ToSocket(fd), static_cast<char*>(data),
                               AtOnce(size), 0, from, length);
  *truncated = count == SOCKET_ERROR && ::WSAGetLastError() == WSAEMSGSIZE;
  return *truncated ? static_cast<ptrdiff_t>(size) : Done(count);
}

ptrdiff_t SendTo(int fd, const void* data, size_t size, const sockaddr* to,
                 socklen_t length) {
  return Done(::sendto(ToSocket(fd), static_cast<const char*>(data),
                       AtOnce(size), 0, to, length));
}

int BytesToRead(int fd, int* bytes) {
  u_long count;
  const int result =
      Done(::ioctlsocket(ToSocket(fd), static_cast<long>(FIONREAD), &count));
  if (result == 0) *bytes = static_cast<int>(count);
  return result;
}

// WSAPoll reports failed connections from Windows 10, version 2004, on.
int PollOne(int fd, short events, int milliseconds) {
  WSAPOLLFD entry = {ToSocket(fd), events, 0};
  return Done(::WSAPoll(&entry, 1, milliseconds));
}

int GetAddrInfo(const char* host, const char* service, const addrinfo* hints,
                addrinfo** found) {
  if (const int code = internal::StartWinsock(); code != 0) return code;
  return ::getaddrinfo(host, service, hints, found);
}

// gai_strerror has one buffer for all threads.
std::string GaiStrError(int result) { return internal::Describe(result); }

unsigned IfNameToIndex(const char* name) {
  const unsigned index = ::if_nametoindex(name);
  if (index == 0) errno = ENXIO;
  return index;
}

}  // namespace sys
}  // namespace isopoll
