#include "tests/kqueue/standin_systems.h"

#include <poll.h>
#include <sys/event.h>

#include <ctime>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "poller/internal/kqueue_calls.h"
#include "poller/internal/kqueue_system.h"
#include "poller/internal/kqueue_traits.h"
#include "poller/internal/poll_call.h"
#include "tests/kqueue_standin/standin.h"

namespace isopoll::tests {
namespace {

StandinSystem Make(std::string name, const internal::KqueueTraits& traits,
                   int (*kqueue)()) {
  internal::KqueueSystem system = internal::UsualKqueueCalls();
  system.traits = traits;
  if (traits.except_filter) system.except = {EVFILT_EXCEPT, NOTE_OOB};
  if (traits.user_filter) system.user = {EVFILT_USER, NOTE_TRIGGER};
  system.kqueue = kqueue;
  system.poll = [](pollfd* entries, nfds_t count, const timespec* timeout) {
    return kqueue_standin::Poll(entries, count,
                                internal::ToPollTimeout(timeout));
  };
  system.watching_poll = system.poll;
  system.fstat = &kqueue_standin::Fstat;
  return {std::move(name), system};
}

}  // namespace

absl::Span<const StandinSystem> StandinSystems() {
  static const auto& systems = *new std::vector<StandinSystem>{
      Make("macos", internal::kMacosTraits, &kqueue_standin::KqueueMacos),
      Make("freebsd", internal::kFreebsdTraits, &kqueue_standin::KqueueFreebsd),
      Make("netbsd", internal::kNetbsdTraits, &kqueue_standin::KqueueNetbsd),
  };
  return systems;
}

}  // namespace isopoll::tests
