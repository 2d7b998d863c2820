#include <cerrno>
#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "net/internal/dialect.h"
#include "net/internal/socket_headers.h"

namespace isopoll {
namespace internal {

bool HasAbstractNames() { return false; }

// accept says WSAECONNRESET of a connection that was reset in the queue.
bool IsDeadConnection(int error) {
  return error == ECONNRESET || error == ECONNABORTED;
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
