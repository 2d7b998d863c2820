#include "tools/agreement/peers/peers.h"

#include <utility>

#include "tools/agreement/peers/libev.h"
#include "tools/agreement/peers/libevent.h"
#include "tools/agreement/peers/libuv.h"

namespace isopoll::agreement {

bool PeersAreLinked() { return true; }

absl::StatusOr<Observers> PeerObservers() {
  Observers all;
  for (Observers (*observers)() :
       {LibevObservers, LibeventObservers, LibuvObservers}) {
    for (auto& observer : observers()) all.push_back(std::move(observer));
  }
  return all;
}

}  // namespace isopoll::agreement
