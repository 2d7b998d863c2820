// All systems but Windows.

#ifndef ISOPOLL_POLLER_SYSTEM_PLATFORM_POSIX_H_
#define ISOPOLL_POLLER_SYSTEM_PLATFORM_POSIX_H_

#include <poll.h>
#include <sys/select.h>
#include <sys/types.h>

#include <type_traits>

#include "poller/system/no_cancellation.h"

namespace isopoll {
namespace internal {

// What poll(2) is asked and answers of one descriptor.
using PollEntry = pollfd;
using PollCount = nfds_t;

// What an fd_set is made of: a long on Linux and FreeBSD, 32 bits on the other
// systems.
using FdSetWord = std::make_unsigned_t<fd_mask>;

// Descriptors are 0, 1, 2, ...
inline constexpr int kDescriptorStep = 1;

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_PLATFORM_POSIX_H_
