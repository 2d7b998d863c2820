// How many descriptors this process may open.

#ifndef ISOPOLL_ECHO_DESCRIPTOR_LIMIT_H_
#define ISOPOLL_ECHO_DESCRIPTOR_LIMIT_H_

#include <cstdint>

namespace isopoll::echo {

// Raises the soft limit as far as the hard one allows, and returns what it is
// then. For main functions: the limit is the whole process's.
uint64_t RaiseDescriptorLimit();

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_DESCRIPTOR_LIMIT_H_
