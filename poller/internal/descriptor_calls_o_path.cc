// Linux and FreeBSD.

#include <fcntl.h>

#include "poller/internal/descriptor_calls.h"

namespace isopoll {
namespace internal {

extern const int kHostPathOnly = O_PATH;

}  // namespace internal
}  // namespace isopoll
