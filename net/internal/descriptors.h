// The calls that make descriptors. Each descriptor is non-blocking,
// close-on-exec, and never raises SIGPIPE when used with kSendFlags.
//
// One of three files implements them. descriptors_accept4.cc sets the flags in
// the call itself. descriptors_fcntl.cc is for systems that cannot (macOS): a
// fork in another thread may catch a descriptor before it is close-on-exec. So
// may a new process catch what descriptors_windows.cc accepts. There
// close-on-exec means that no process inherits the handle, and there are
// neither pairs nor pipes (EOPNOTSUPP).

#ifndef ISOPOLL_NET_INTERNAL_DESCRIPTORS_H_
#define ISOPOLL_NET_INTERNAL_DESCRIPTORS_H_

#include "isopoll/net/internal/socket_headers.h"

namespace isopoll {
namespace internal {

// As socket, socketpair, pipe and accept: -1 and errno on failure.
int OpenSocket(int family, int type);
int OpenSocketPair(int type, int fds[2]);
int OpenPipe(int fds[2]);
int AcceptSocket(int listener, sockaddr* peer, socklen_t* length);

// Flags that every send needs beside MSG_DONTWAIT.
extern const int kSendFlags;

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_NET_INTERNAL_DESCRIPTORS_H_
