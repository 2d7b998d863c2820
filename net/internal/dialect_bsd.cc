#include <cerrno>
#include <cstddef>
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

// Each has a call of its own for it (FIONWRITE, SO_NWRITE); none was tried.
std::optional<size_t> BytesUnsent(int /*fd*/) { return std::nullopt; }

}  // namespace internal
}  // namespace isopoll
