#include <poll.h>

#include "poller/internal/mask_dialect.h"

namespace isopoll {
namespace internal {

// As poll_call_netbsd.cc has read them: one bit for each direction. Pipes and
// terminals hang up, sockets do not.
extern const MaskDialect kPollDialect = {
    /*ask_readable=*/POLLIN,
    /*ask_writable=*/POLLOUT,
    /*ask_priority=*/POLLRDBAND,
    /*readable=*/POLLIN,
    /*writable=*/POLLOUT,
    /*priority=*/POLLRDBAND,
    /*hangup=*/POLLHUP,
    /*read_closed=*/POLLHUP,
    /*error=*/POLLERR,
};

}  // namespace internal
}  // namespace isopoll
