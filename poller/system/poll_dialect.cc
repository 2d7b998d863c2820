#include "poller/system/mask_dialect.h"
#include "poller/system/poll_dialects.h"

namespace isopoll {
namespace internal {

extern const MaskDialect kPollDialect = ISOPOLL_POLL_DIALECT;

}  // namespace internal
}  // namespace isopoll
