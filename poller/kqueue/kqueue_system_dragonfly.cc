#include <sys/event.h>

#include "poller/kqueue/kqueue_calls.h"
#include "poller/kqueue/kqueue_system.h"
#include "poller/kqueue/kqueue_traits.h"

namespace isopoll {
namespace internal {

const KqueueSystem& HostKqueueSystem() {
  static const KqueueSystem system = [] {
    KqueueSystem dragonfly = UsualKqueueCalls(kDragonflyTraits);
    dragonfly.user = {EVFILT_USER, NOTE_TRIGGER};
    return dragonfly;
  }();
  return system;
}

}  // namespace internal
}  // namespace isopoll
