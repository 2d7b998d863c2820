#include <poll.h>

#include "poller/internal/mask_dialect.h"

namespace isopoll {
namespace internal {

// As poll_call_macos.cc has edited them: one bit for each direction. POLLHUP
// says that the reading side has ended, perhaps with the other.
extern const MaskDialect kPollDialect = {
    /*ask_readable=*/POLLIN,
    /*ask_writable=*/POLLOUT,
    /*ask_priority=*/POLLPRI,
    /*readable=*/POLLIN,
    /*writable=*/POLLOUT,
    /*priority=*/POLLPRI,
    /*hangup=*/0,
    /*read_closed=*/POLLHUP,
    /*error=*/POLLERR,
};

}  // namespace internal
}  // namespace isopoll
