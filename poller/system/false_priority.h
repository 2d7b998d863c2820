// What is never of priority (R14), though this system's select(2) says so.

#ifndef ISOPOLL_POLLER_SYSTEM_FALSE_PRIORITY_H_
#define ISOPOLL_POLLER_SYSTEM_FALSE_PRIORITY_H_

#include "isopoll/interest.h"

namespace isopoll {
namespace internal {

// `interest`, but without priority if `fd` is of a file that is always ready,
// and select would say that it is ready for all three.
// Implemented by false_priority_....cc.
Interest WithoutFalsePriority(int fd, Interest interest);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_FALSE_PRIORITY_H_
