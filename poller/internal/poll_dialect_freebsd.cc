#include <poll.h>

#include "poller/internal/mask_dialect.h"

namespace isopoll {
namespace internal {

// sys/kern/sys_generic.c, select_flags: by these FreeBSD's own select reads the
// same masks. A hangup is writable. Sockets never set POLLERR.
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
