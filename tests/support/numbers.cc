#include "tests/support/numbers.h"

#include "net/internal/sys.h"

namespace isopoll::tests {

bool IsUnixSocket(int fd) {
  sockaddr_storage address = {};
  socklen_t length = sizeof(address);
  return sys::GetSockName(fd, reinterpret_cast<sockaddr*>(&address), &length) ==
             0 &&
         address.ss_family == AF_UNIX;
}

bool IsDatagramSocket(int fd) {
  int type = -1;
  socklen_t length = sizeof(type);
  return sys::GetSockOpt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 &&
         type == SOCK_DGRAM;
}

}  // namespace isopoll::tests
