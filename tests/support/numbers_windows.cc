#include <winsock2.h>

#include "net/internal/sys.h"
#include "net/internal/winsock.h"
#include "tests/support/numbers.h"

namespace isopoll::tests {

bool IsOpen(int fd) {
  int type = 0;
  socklen_t length = sizeof(type);
  return sys::GetSockOpt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0;
}

bool IsCloseOnExec(int fd) {
  DWORD flags = 0;
  return ::GetHandleInformation(
             reinterpret_cast<HANDLE>(internal::ToSocket(fd)), &flags) != 0 &&
         (flags & HANDLE_FLAG_INHERIT) == 0;
}

bool IsPathOnly(int /*fd*/) { return false; }

// Its flags are those of descriptors.h: the mode that does not block is the
// file's, and WSA_FLAG_NO_HANDLE_INHERIT is close-on-exec.
int Duplicate(int fd) {
  WSAPROTOCOL_INFOW file;
  if (::WSADuplicateSocketW(internal::ToSocket(fd), ::GetCurrentProcessId(),
                            &file) != 0) {
    return internal::FailWithLastError();
  }
  const SOCKET copy =
      ::WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO,
                   &file, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (copy == INVALID_SOCKET) return internal::FailWithLastError();
  return internal::FromSocket(copy);
}

}  // namespace isopoll::tests
