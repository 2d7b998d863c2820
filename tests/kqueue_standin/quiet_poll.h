// Poll, for those who do not want to hear what they did not ask for.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_QUIET_POLL_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_QUIET_POLL_H_

#include <poll.h>

#include <ctime>

namespace isopoll::kqueue_standin {

// As Poll, but a descriptor that is hung up, or has an error, in a direction
// that its entry does not ask for neither ends the call nor is answered: as
// select(2), which does not know queues here. It looks at such descriptors
// after 1 ms, and then ever less often, down to every 50 ms.
int QuietPoll(pollfd* fds, nfds_t count, const timespec* timeout);

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_QUIET_POLL_H_
