// Sockets handed over by a service manager.

#ifndef ISOPOLL_NET_INHERITED_H_
#define ISOPOLL_NET_INHERITED_H_

#include <vector>

#include "absl/status/statusor.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll {

// The sockets that a service manager opened for this process, by the protocol
// of sd_listen_fds(3): LISTEN_PID is this process's number and LISTEN_FDS how
// many there are, from descriptor 3 on. None if LISTEN_PID is unset or another
// process's. The sockets are made non-blocking and close-on-exec, and the
// variables are taken out of the environment, so that no child believes them:
// call it once, before there are threads. InvalidArgument: LISTEN_FDS is no
// number, or a descriptor is not open. On Windows there are none.
absl::StatusOr<std::vector<UniqueFd>> TakeInheritedSockets();

}  // namespace isopoll

#endif  // ISOPOLL_NET_INHERITED_H_
