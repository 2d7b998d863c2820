// The calls of sockets, with POSIX's names, types and errors, on every system.
//
// As in POSIX they return -1 and set errno on failure. Those that transfer data
// never block, and are made again if a signal interrupts them. On descriptors
// from descriptors.h they raise no SIGPIPE.

#ifndef ISOPOLL_NET_INTERNAL_SYS_H_
#define ISOPOLL_NET_INTERNAL_SYS_H_

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>

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

// Waits until one of `events`, of poll(2), holds, or for so long: anew if a
// signal interrupts it.
int PollOne(int fd, short events, int milliseconds);

}  // namespace sys
}  // namespace isopoll

#endif  // ISOPOLL_NET_INTERNAL_SYS_H_
