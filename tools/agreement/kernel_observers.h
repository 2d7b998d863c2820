// Kernel observers: the system calls in their own words.

#ifndef ISOPOLL_TOOLS_AGREEMENT_KERNEL_OBSERVERS_H_
#define ISOPOLL_TOOLS_AGREEMENT_KERNEL_OBSERVERS_H_

#include "tools/agreement/observer.h"

namespace isopoll::agreement {

// On Linux poll(2) and epoll(7), asked IN OUT PRI RDHUP. They say the bits
// that came back, such as `IN HUP`; `-` for none; or the error's name. There is
// none for select(2), which is the reference (tests/support/reference.h).
Observers KernelObservers();

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_KERNEL_OBSERVERS_H_
