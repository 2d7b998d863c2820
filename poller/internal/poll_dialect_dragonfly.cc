#include <poll.h>

#include "poller/internal/mask_dialect.h"

namespace isopoll {
namespace internal {

// Not read in its source: as FreeBSD, of which it is a branch.
extern const MaskDialect kPollDialect = {
    /*ask_readable=*/POLLIN,
    /*ask_writable=*/POLLOUT,
    /*ask_priority=*/POLLPRI | POLLRDBAND,
    /*readable=*/POLLIN | POLLHUP | POLLERR,
    /*writable=*/POLLOUT | POLLHUP | POLLERR,
    /*priority=*/POLLPRI | POLLRDBAND | POLLERR,
    /*hangup=*/POLLHUP,
    /*read_closed=*/POLLHUP,
    /*error=*/POLLERR,
};

}  // namespace internal
}  // namespace isopoll
