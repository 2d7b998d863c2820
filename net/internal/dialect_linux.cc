#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <optional>

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

std::optional<int> SharedPortOption() { return SO_REUSEPORT; }

// unix(7), "Autobind feature".
int BindToAnyUnixName(int fd) {
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&name),
                sizeof(name.sun_family));
}

// tcp(7). On a Unix-domain socket it is the memory that they take, which is
// more.
std::optional<size_t> BytesUnsent(int fd) {
  int bytes = 0;
  if (::ioctl(fd, SIOCOUTQ, &bytes) != 0) return std::nullopt;
  return static_cast<size_t>(bytes);
}

}  // namespace internal
}  // namespace isopoll
