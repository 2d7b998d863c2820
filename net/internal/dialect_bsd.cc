#include <cerrno>

#include "net/internal/dialect.h"

namespace isopoll {
namespace internal {

bool HasAbstractNames() { return false; }

bool IsDeadConnection(int error) { return error == ECONNABORTED; }

}  // namespace internal
}  // namespace isopoll
