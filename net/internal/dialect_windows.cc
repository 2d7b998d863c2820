#include <cerrno>
#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "isopoll/net/internal/socket_headers.h"
#include "net/internal/dialect.h"

namespace isopoll {
namespace internal {

bool HasAbstractNames() { return false; }

// A connection that was reset in the queue is WSAECONNRESET, and WSAENOTCONN on
// Wine, which accepts it and then asks who it is.
bool IsDeadConnection(int error) {
  return error == ECONNRESET || error == ECONNABORTED || error == ENOTCONN;
}

// With SO_REUSEADDR anybody could take the port away. It would not be needed:
// TIME_WAIT keeps no port here.
std::optional<PortOption> ServerPortOption(int /*type*/) {
  return PortOption{SO_EXCLUSIVEADDRUSE, "SO_EXCLUSIVEADDRUSE"};
}

std::optional<int> SharedPortOption() { return std::nullopt; }

absl::Status BindToAnyUnixName(int /*fd*/) {
  return absl::UnimplementedError(
      "Windows has no Unix-domain datagram sockets; use unix: or udp:");
}

size_t BytesUnsent(int /*fd*/) { return 0; }

}  // namespace internal
}  // namespace isopoll
