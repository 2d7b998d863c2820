#include <poll.h>

#include "poller/internal/mask_dialect.h"

namespace isopoll {
namespace internal {

// sys/kern/sys_select.c: NetBSD's own select asks for sel_flag's bits, and
// takes any answer for a yes. So a hangup, which only pipes and ttys report, is
// writable and priority too (observed: select says all three of a pipe whose
// other side is gone). Of a tty that is hung up it is not priority to select,
// which did not ask ttpoll for a hangup there, as poll always does: that is
// known to be wrong.
extern const MaskDialect kPollDialect = {
    /*ask_readable=*/POLLIN,
    /*ask_writable=*/POLLOUT,
    /*ask_priority=*/POLLRDBAND,
    /*readable=*/POLLIN | POLLHUP | POLLERR,
    /*writable=*/POLLOUT | POLLHUP | POLLERR,
    /*priority=*/POLLRDBAND | POLLHUP,
    /*hangup=*/POLLHUP,
    /*read_closed=*/POLLHUP,
    /*error=*/POLLERR,
};

}  // namespace internal
}  // namespace isopoll
