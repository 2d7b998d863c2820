#include <poll.h>

#include "poller/internal/mask_dialect.h"

namespace isopoll {
namespace internal {

// sys/kern/sys_generic.c: select and poll are made of the same kqueue filters,
// whose EV_EOF poll calls POLLHUP. A hangup is writable.
extern const MaskDialect kPollDialect = {
    /*ask_readable=*/POLLIN,
    /*ask_writable=*/POLLOUT,
    /*ask_priority=*/POLLPRI | POLLRDBAND,
    /*readable=*/POLLIN | POLLHUP,
    /*writable=*/POLLOUT | POLLHUP,
    /*priority=*/POLLPRI | POLLRDBAND,
    /*hangup=*/POLLHUP,
    /*read_closed=*/POLLHUP,
    /*error=*/POLLERR,
};

}  // namespace internal
}  // namespace isopoll
