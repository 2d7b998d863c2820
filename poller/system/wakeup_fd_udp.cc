// Windows, which can wait for nothing but sockets: a datagram socket that is
// connected to itself. Nobody else's datagrams reach it.

#include <cerrno>
#include <utility>

#include "absl/status/statusor.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "net/internal/sys.h"
#include "poller/core/errors.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {
namespace internal {

absl::StatusOr<WakeupFd> WakeupFd::Create() {
  UniqueFd fd(OpenSocket(AF_INET, SOCK_DGRAM));
  if (!fd) return CallError(errno, "socket");
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof(address);
  if (sys::Bind(fd.get(), generic, length) == -1 ||
      sys::GetSockName(fd.get(), generic, &length) == -1 ||
      sys::ConnectAtOnce(fd.get(), generic, length) == -1) {
    return CallError(errno, "connect to itself", fd.get());
  }
  return WakeupFd(std::move(fd), UniqueFd());
}

bool WakeupFd::Signal() const {
  const int saved_errno = errno;
  const auto sent = sys::Send(read_end_.get(), "", 1);
  // EAGAIN means that it has no room for more, and so is readable.
  const bool ours = sent != -1 || errno == EAGAIN;
  errno = saved_errno;
  return ours;
}

bool WakeupFd::Drain() const {
  char byte;
  while (sys::Recv(read_end_.get(), &byte, sizeof(byte)) != -1) {
  }
  return errno == EAGAIN;
}

}  // namespace internal
}  // namespace isopoll
