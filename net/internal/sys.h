// The calls of sockets, with POSIX's names, types and errors, on every system.
//
// As in POSIX they return -1 and set errno on failure. Those that transfer data
// never block, and are made again if a signal interrupts them. On descriptors
// from descriptors.h they raise no SIGPIPE. (On Windows they block if the
// socket does; one from descriptors.h does not.)

#ifndef ISOPOLL_NET_INTERNAL_SYS_H_
#define ISOPOLL_NET_INTERNAL_SYS_H_

#include <cstddef>
#include <string>

#include "isopoll/net/internal/socket_headers.h"

namespace isopoll {
namespace sys {

int Bind(int fd, const sockaddr* address, socklen_t length);
int Listen(int fd, int backlog);
// A connection that a signal interrupts goes on by itself: EINTR.
int Connect(int fd, const sockaddr* address, socklen_t length);
// As connect, of a socket for which that takes no time: of datagrams, or
// Unix-domain. Made again if a signal interrupts it.
int ConnectAtOnce(int fd, const sockaddr* address, socklen_t length);
int Shutdown(int fd, int how);
int Close(int fd);

int GetSockName(int fd, sockaddr* address, socklen_t* length);
int GetPeerName(int fd, sockaddr* address, socklen_t* length);
int GetSockOpt(int fd, int level, int name, void* value, socklen_t* length);
int SetSockOpt(int fd, int level, int name, const void* value,
               socklen_t length);

// At most INT_MAX bytes of a stream at once: macOS refuses more.
ptrdiff_t Recv(int fd, void* data, size_t size);
ptrdiff_t Send(int fd, const void* data, size_t size);
// `*truncated`: the datagram was longer than `size`, and the rest is lost.
ptrdiff_t RecvFrom(int fd, void* data, size_t size, sockaddr* from,
                   socklen_t* length, bool* truncated);
ptrdiff_t SendTo(int fd, const void* data, size_t size, const sockaddr* to,
                 socklen_t length);
// FIONREAD.
int BytesToRead(int fd, int* bytes);

// Waits until one of `events`, of poll(2), holds, or for so long; again if a
// signal interrupts it.
int PollOne(int fd, short events, int milliseconds);

// As getaddrinfo: 0, or an EAI_ error.
int GetAddrInfo(const char* host, const char* service, const addrinfo* hints,
                addrinfo** found);
// What an EAI_ error means.
std::string GaiStrError(int result);
// As if_nametoindex: 0 on failure.
unsigned IfNameToIndex(const char* name);

}  // namespace sys
}  // namespace isopoll

#endif  // ISOPOLL_NET_INTERNAL_SYS_H_
