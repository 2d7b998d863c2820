#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "net/internal/dialect.h"

namespace isopoll {
namespace internal {

bool HasAbstractNames() { return true; }

// accept(2), "Error handling": Linux passes pending network errors on.
bool IsDeadConnection(int error) {
  switch (error) {
    case ECONNABORTED:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETDOWN:
    case ENETUNREACH:
    case ENONET:
    case ENOPROTOOPT:
    case EOPNOTSUPP:
    case EPROTO:
      return true;
    default:
      return false;
  }
}

// On a datagram socket it would let anybody share the port.
std::optional<PortOption> ServerPortOption(int type) {
  if (type != SOCK_STREAM) return std::nullopt;
  return PortOption{SO_REUSEADDR, "SO_REUSEADDR"};
}

std::optional<int> SharedPortOption() { return SO_REUSEPORT; }

// unix(7), "Autobind feature".
absl::Status BindToAnyUnixName(int fd) {
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&name),
             sizeof(name.sun_family)) == 0) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(errno, absl::StrCat("bind of fd ", fd));
}

// tcp(7). On a Unix-domain socket it is the memory that they take, which is
// more.
size_t BytesUnsent(int fd) {
  int bytes = 0;  // unless the kernel can tell
  ::ioctl(fd, SIOCOUTQ, &bytes);
  return static_cast<size_t>(bytes);
}

}  // namespace internal
}  // namespace isopoll
