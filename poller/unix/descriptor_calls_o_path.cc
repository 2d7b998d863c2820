// Linux and FreeBSD.

#include <fcntl.h>

#include "poller/unix/descriptor_calls.h"

namespace isopoll {
namespace internal {

extern const int kHostPathOnly = O_PATH;

}  // namespace internal
}  // namespace isopoll
