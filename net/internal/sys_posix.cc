#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <string>

#include "net/internal/descriptors.h"
#include "net/internal/retry.h"
#include "net/internal/sys.h"

namespace isopoll {
namespace sys {
namespace {

using internal::RetryOnInterrupt;

size_t AtOnce(size_t size) { return std::min<size_t>(size, INT_MAX); }

int SendFlags() { return MSG_DONTWAIT | internal::kSendFlags; }

}  // namespace

int Bind(int fd, const sockaddr* address, socklen_t length) {
  return ::bind(fd, address, length);
}

int Listen(int fd, int backlog) { return ::listen(fd, backlog); }

int Connect(int fd, const sockaddr* address, socklen_t length) {
  return ::connect(fd, address, length);
}

int ConnectAtOnce(int fd, const sockaddr* address, socklen_t length) {
  return RetryOnInterrupt([&] { return ::connect(fd, address, length); });
}

int Shutdown(int fd, int how) { return ::shutdown(fd, how); }

int Close(int fd) { return ::close(fd); }

int GetSockName(int fd, sockaddr* address, socklen_t* length) {
  return ::getsockname(fd, address, length);
}

int GetPeerName(int fd, sockaddr* address, socklen_t* length) {
  return ::getpeername(fd, address, length);
}

int GetSockOpt(int fd, int level, int name, void* value, socklen_t* length) {
  return ::getsockopt(fd, level, name, value, length);
}

int SetSockOpt(int fd, int level, int name, const void* value,
               socklen_t length) {
  return ::setsockopt(fd, level, name, value, length);
}

ptrdiff_t Recv(int fd, void* data, size_t size) {
  return RetryOnInterrupt(
      [&] { return ::recv(fd, data, AtOnce(size), MSG_DONTWAIT); });
}

ptrdiff_t Send(int fd, const void* data, size_t size) {
  return RetryOnInterrupt(
      [&] { return ::send(fd, data, AtOnce(size), SendFlags()); });
}

ptrdiff_t RecvFrom(int fd, void* data, size_t size, sockaddr* from,
                   socklen_t* length, bool* truncated) {
  iovec piece = {data, size};
  msghdr message = {};
  message.msg_name = from;
  message.msg_namelen = *length;
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  const ptrdiff_t count =
      RetryOnInterrupt([&] { return ::recvmsg(fd, &message, MSG_DONTWAIT); });
  *length = message.msg_namelen;
  *truncated = (message.msg_flags & MSG_TRUNC) != 0;
  return count;
}

ptrdiff_t SendTo(int fd, const void* data, size_t size, const sockaddr* to,
                 socklen_t length) {
  return RetryOnInterrupt(
      [&] { return ::sendto(fd, data, size, SendFlags(), to, length); });
}

int BytesToRead(int fd, int* bytes) { return ::ioctl(fd, FIONREAD, bytes); }

int PollOne(int fd, short events, int milliseconds) {
  pollfd entry = {fd, events, 0};
  return RetryOnInterrupt([&] { return ::poll(&entry, 1, milliseconds); });
}

int GetAddrInfo(const char* host, const char* service, const addrinfo* hints,
                addrinfo** found) {
  return ::getaddrinfo(host, service, hints, found);
}

std::string GaiStrError(int result) { return ::gai_strerror(result); }

unsigned IfNameToIndex(const char* name) { return ::if_nametoindex(name); }

}  // namespace sys
}  // namespace isopoll
