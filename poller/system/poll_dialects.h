// How to read each system's poll(2), so that it says what that system's own
// select(2) would say. BUILD chooses the one that is kPollDialect.

#ifndef ISOPOLL_POLLER_SYSTEM_POLL_DIALECTS_H_
#define ISOPOLL_POLLER_SYSTEM_POLL_DIALECTS_H_

#include <cstdint>

#include "poller/system/mask_dialect.h"
#include "poller/system/platform.h"

namespace isopoll {
namespace internal {

// POLLRDHUP, which other systems do not have, or elsewhere.
inline constexpr uint32_t kLinuxReadEnd = 0x2000;

// fs/select.c: POLLIN_SET, POLLOUT_SET and POLLEX_SET, by which Linux's own
// select reads the same masks. POLLHUP is not in POLLOUT_SET. POLLRDHUP is
// asked for with readability only, which it never comes without.
inline constexpr MaskDialect kLinuxDialect = {
    /*ask_readable=*/POLLIN | kLinuxReadEnd,
    /*ask_writable=*/POLLOUT,
    /*ask_priority=*/POLLPRI,
    /*readable=*/POLLIN | POLLHUP | POLLERR,
    /*writable=*/POLLOUT | POLLERR,
    /*priority=*/POLLPRI,
    /*hangup=*/POLLHUP,
    /*read_closed=*/kLinuxReadEnd | POLLHUP,
    /*error=*/POLLERR,
    /*select_misses_errors=*/true,
};

// As poll_call_macos.cc has edited them: one bit for each direction. POLLHUP
// says that the reading side has ended, perhaps with the other.
inline constexpr MaskDialect kMacosDialect = {
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

// sys/kern/sys_generic.c, select_flags: by these FreeBSD's own select reads the
// same masks. A hangup is writable. Sockets never set POLLERR.
inline constexpr MaskDialect kFreebsdDialect = {
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

// Not read in its source: as FreeBSD, of which it is a branch.
inline constexpr MaskDialect kDragonflyDialect = kFreebsdDialect;

// As poll_call_netbsd.cc has read them: one bit for each direction. Pipes and
// terminals hang up, sockets do not.
inline constexpr MaskDialect kNetbsdDialect = {
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

// sys/kern/sys_generic.c: select and poll are made of the same kqueue filters,
// whose EV_EOF poll calls POLLHUP. A hangup is writable.
inline constexpr MaskDialect kOpenbsdDialect = {
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

// Of WSAPoll, which is asked for these three bits and no others. POLLHUP is
// that the peer has finished or is gone; POLLERR that it is gone, or that a
// connect has failed.
inline constexpr MaskDialect kWindowsDialect = {
    /*ask_readable=*/POLLRDNORM,
    /*ask_writable=*/POLLWRNORM,
    /*ask_priority=*/POLLRDBAND,
    /*readable=*/POLLRDNORM | POLLHUP | POLLERR,
    /*writable=*/POLLWRNORM | POLLERR,
    /*priority=*/POLLRDBAND,
    /*hangup=*/POLLERR,
    /*read_closed=*/POLLHUP | POLLERR,
    /*error=*/POLLERR,
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_POLL_DIALECTS_H_
