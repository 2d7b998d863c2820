// PollEntry: what poll(2) is asked and answers of one descriptor.

#ifndef ISOPOLL_POLLER_UNIX_POLL_ENTRY_H_
#define ISOPOLL_POLLER_UNIX_POLL_ENTRY_H_

#include <poll.h>

namespace isopoll {
namespace internal {

using PollEntry = pollfd;
using PollCount = nfds_t;

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_UNIX_POLL_ENTRY_H_
