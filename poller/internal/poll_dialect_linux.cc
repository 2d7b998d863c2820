#include <poll.h>

#include "poller/internal/mask_dialect.h"

namespace isopoll {
namespace internal {

// fs/select.c: POLLIN_SET, POLLOUT_SET and POLLEX_SET, by which Linux's own
// select reads the same masks. POLLHUP is not in POLLOUT_SET. POLLRDHUP is
// asked for with readability only, which it never comes without.
extern const MaskDialect kPollDialect = {
    /*ask_readable=*/POLLIN | POLLRDHUP,
    /*ask_writable=*/POLLOUT,
    /*ask_priority=*/POLLPRI,
    /*readable=*/POLLIN | POLLHUP | POLLERR,
    /*writable=*/POLLOUT | POLLERR,
    /*priority=*/POLLPRI,
    /*hangup=*/POLLHUP,
    /*read_closed=*/POLLRDHUP | POLLHUP,
    /*error=*/POLLERR,
    /*select_misses_errors=*/true,
};

}  // namespace internal
}  // namespace isopoll
