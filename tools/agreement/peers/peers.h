// Peers: other libraries, asked about the same descriptors.

#ifndef ISOPOLL_TOOLS_AGREEMENT_PEERS_PEERS_H_
#define ISOPOLL_TOOLS_AGREEMENT_PEERS_PEERS_H_

#include "absl/status/statusor.h"
#include "tools/agreement/observer.h"

namespace isopoll::agreement {

// Whether this program was linked with them.
bool PeersAreLinked();

// A column for each backend of libev, libevent and libuv, asked for all that
// it can report: readiness, or in words what else became of it. If they are
// not linked, FailedPrecondition says how to get them.
absl::StatusOr<Observers> PeerObservers();

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_PEERS_PEERS_H_
