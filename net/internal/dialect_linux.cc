#include <cerrno>

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

}  // namespace internal
}  // namespace isopoll
