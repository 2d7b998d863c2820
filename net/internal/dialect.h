// How the sockets of one system differ from those of another. Implemented by
// dialect_linux.cc, dialect_bsd.cc and dialect_windows.cc.

#ifndef ISOPOLL_NET_INTERNAL_DIALECT_H_
#define ISOPOLL_NET_INTERNAL_DIALECT_H_

#include <cstddef>
#include <optional>

#include "absl/status/status.h"

namespace isopoll {
namespace internal {

// Whether Unix-domain names that begin with a NUL byte are a name space of
// their own, outside the file system.
bool HasAbstractNames();

// Whether `error`, from accept, says only that the connection at the head of
// the queue has died. That connection is then out of the queue.
bool IsDeadConnection(int error);

// A switch of level SOL_SOCKET.
struct PortOption {
  int option;
  const char* name;
};

// What a server's socket of `type` needs so that a port in TIME_WAIT is free,
// while nobody gets one that is in use; none if that is so anyway.
std::optional<PortOption> ServerPortOption(int type);

// The socket option with which several sockets share one port and the kernel
// deals out among them what arrives; none if this system has no such.
std::optional<int> SharedPortOption();

// Binds a Unix-domain socket to a name of the kernel's choice. Unimplemented
// where the kernel chooses none.
absl::Status BindToAnyUnixName(int fd);

// How many bytes a socket was given to send that the kernel still has, on a
// stream those that are sent and not acknowledged included; 0 if that is not
// known.
size_t BytesUnsent(int fd);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_NET_INTERNAL_DIALECT_H_
