#include <winsock2.h>

#include "net/internal/sys.h"
#include "net/internal/winsock.h"
#include "tests/support/quiet_io.h"

namespace isopoll::tests {
namespace {

bool OneByte(int done) {
  if (done < 0) internal::FailWithLastError();
  return done == 1;
}

}  // namespace

ssize_t QuietWrite(int fd, const void* data, size_t size) {
  return sys::Send(fd, data, size);
}

// A datagram that is longer is cut, as by recv(2).
ssize_t QuietRead(int fd, void* buffer, size_t size) {
  sockaddr_storage from;
  socklen_t length = sizeof(from);
  bool truncated;
  return sys::RecvFrom(fd, buffer, size, reinterpret_cast<sockaddr*>(&from),
                       &length, &truncated);
}

bool QuietWriteUrgent(int fd, char byte) {
  return OneByte(::send(internal::ToSocket(fd), &byte, 1, MSG_OOB));
}

bool QuietReadUrgent(int fd, char* byte) {
  return OneByte(::recv(internal::ToSocket(fd), byte, 1, MSG_OOB));
}

}  // namespace isopoll::tests
