#include <cerrno>
#include <optional>

#include "net/internal/dialect.h"

namespace isopoll {
namespace internal {

bool HasAbstractNames() { return false; }

bool IsDeadConnection(int error) { return error == ECONNABORTED; }

// Sockets that share a port with SO_REUSEPORT get nothing, but for the last.
std::optional<int> SharedPortOption() { return std::nullopt; }

int BindToAnyUnixName(int /*fd*/) {
  errno = EOPNOTSUPP;
  return -1;
}

}  // namespace internal
}  // namespace isopoll
