// Systems without O_PATH.

#include "poller/unix/descriptor_calls.h"

namespace isopoll {
namespace internal {

extern const int kHostPathOnly = 0;

}  // namespace internal
}  // namespace isopoll
