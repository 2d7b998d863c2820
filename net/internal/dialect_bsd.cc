#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "net/internal/dialect.h"

namespace isopoll {
namespace internal {

bool HasAbstractNames() { return false; }

bool IsDeadConnection(int error) { return error == ECONNABORTED; }

// On a datagram socket it would let anybody share the port.
std::optional<PortOption> ServerPortOption(int type) {
  if (type != SOCK_STREAM) return std::nullopt;
  return PortOption{SO_REUSEADDR, "SO_REUSEADDR"};
}

// Sockets that share a port with SO_REUSEPORT get nothing, but for the last.
std::optional<int> SharedPortOption() { return std::nullopt; }

absl::Status BindToAnyUnixName(int /*fd*/) {
  return absl::UnimplementedError(
      "this system gives Unix-domain datagram sockets no names, so a client "
      "could not be answered; use unix: or udp:");
}

// Each has a call of its own for it (FIONWRITE, SO_NWRITE); none was tried.
size_t BytesUnsent(int /*fd*/) { return 0; }

}  // namespace internal
}  // namespace isopoll
