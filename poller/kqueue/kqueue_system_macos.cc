#include <sys/event.h>

#include "poller/kqueue/kqueue_calls.h"
#include "poller/kqueue/kqueue_system.h"
#include "poller/kqueue/kqueue_traits.h"
#include "poller/system/poll_by_select.h"

namespace isopoll {
namespace internal {

const KqueueSystem& HostKqueueSystem() {
  static const KqueueSystem system = [] {
    KqueueSystem macos = UsualKqueueCalls(kMacosTraits);
    macos.except = {EVFILT_EXCEPT, NOTE_OOB};
    macos.user = {EVFILT_USER, NOTE_TRIGGER};
    // What the filters do not see poll does not see either.
    macos.watching_poll = &PollBySelect;
    return macos;
  }();
  return system;
}

}  // namespace internal
}  // namespace isopoll
