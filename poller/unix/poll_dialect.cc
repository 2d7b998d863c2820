#include "poller/unix/mask_dialect.h"
#include "poller/unix/poll_dialects.h"

namespace isopoll {
namespace internal {

extern const MaskDialect kPollDialect = ISOPOLL_POLL_DIALECT;

}  // namespace internal
}  // namespace isopoll
