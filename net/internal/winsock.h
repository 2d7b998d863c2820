// Windows' sockets and errors as POSIX's descriptors and errno.

#ifndef ISOPOLL_NET_INTERNAL_WINSOCK_H_
#define ISOPOLL_NET_INTERNAL_WINSOCK_H_

#include <winsock2.h>

#include <string>

namespace isopoll {
namespace internal {

// Starts Winsock, which a process must do before its first socket; nothing
// stops it again. Returns 0 or an error's code.
int StartWinsock();

// A SOCKET is a handle of the kernel's, of which Windows uses 32 bits: programs
// of 32 and of 64 bits share them. INVALID_SOCKET is -1.
inline SOCKET ToSocket(int fd) { return static_cast<SOCKET>(fd); }
inline int FromSocket(SOCKET socket) { return static_cast<int>(socket); }

// The errno of `code`, from WSAGetLastError or GetLastError. A code of Winsock
// that POSIX has no word for is its own: it is greater than any errno.
int ToErrno(int code);
// The code of which `error` is the errno; 0 if there is none.
int FromErrno(int error);

// Sets errno to that of `code`. Returns -1.
int FailWith(int code);
// The same with the code of this thread's last call.
int FailWithLastError();

// The name of `code`, and what Windows says about it.
std::string Describe(int code);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_NET_INTERNAL_WINSOCK_H_
