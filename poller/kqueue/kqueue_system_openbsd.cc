#include "poller/kqueue/kqueue_calls.h"
#include "poller/kqueue/kqueue_system.h"
#include "poller/kqueue/kqueue_traits.h"

namespace isopoll {
namespace internal {

const KqueueSystem& HostKqueueSystem() {
  static const KqueueSystem system = UsualKqueueCalls(kOpenbsdTraits);
  return system;
}

}  // namespace internal
}  // namespace isopoll
