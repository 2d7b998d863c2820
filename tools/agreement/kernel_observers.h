// Kernel observers: the system calls in their own words.

#ifndef ISOPOLL_TOOLS_AGREEMENT_KERNEL_OBSERVERS_H_
#define ISOPOLL_TOOLS_AGREEMENT_KERNEL_OBSERVERS_H_

#include "tools/agreement/observer.h"

namespace isopoll::agreement {

// On Linux poll(2) and epoll(7), asked IN OUT PRI RDHUP; on Windows WSAPoll,
// asked RDNORM WRNORM RDBAND, and AFD, asked everything. They say the bits that
// came back, such as `IN HUP`; `-` for none; or the error's name. There is none
// for select(2), which is the reference (tests/support/reference.h).
Observers KernelObservers();

// The document that holds what they and the backends say on this system.
extern const char kReadinessDocument[];

// Whether `fd` names a file, and not only a path to one.
bool CanBeWatched(int fd);

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_KERNEL_OBSERVERS_H_
