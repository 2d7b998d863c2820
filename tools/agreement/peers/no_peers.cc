#include "absl/status/status.h"
#include "tools/agreement/peers/peers.h"

namespace isopoll::agreement {

bool PeersAreLinked() { return false; }

absl::StatusOr<Observers> PeerObservers() {
  return absl::FailedPreconditionError(
      "--peers: this program is without them; install libev-dev, libevent-dev "
      "and libuv1-dev, and run //tools/agreement:agreement_with_peers");
}

}  // namespace isopoll::agreement
