#include "tests/kqueue/standin_systems.h"

#include <poll.h>
#include <sys/event.h>

#include <ctime>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "poller/interest.h"
#include "poller/internal/kqueue_calls.h"
#include "poller/internal/kqueue_system.h"
#include "poller/internal/kqueue_traits.h"
#include "poller/internal/poll_call.h"
#include "tests/kqueue_standin/quiet_poll.h"
#include "tests/kqueue_standin/standin.h"

namespace isopoll {
namespace internal {

// That of false_priority_macos.cc.
Interest MacosWithoutFalsePriority(int fd, Interest interest);

}  // namespace internal

namespace tests {
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
  system.quiet_poll = [](pollfd* entries, nfds_t count,
                         const timespec* timeout) {
    return kqueue_standin::QuietPoll(entries, count,
                                     internal::ToPollTimeout(timeout));
  };
  system.fstat = &kqueue_standin::Fstat;
  return {std::move(name), system};
}

StandinSystem MakeMacos() {
  StandinSystem macos =
      Make("macos", internal::kMacosTraits, &kqueue_standin::KqueueMacos);
  macos.system.without_false_priority = &internal::MacosWithoutFalsePriority;
  // What the filters do not see poll does not see either.
  macos.system.watching_poll = [](pollfd* entries, nfds_t count,
                                  const timespec* timeout) {
    return kqueue_standin::SelectMacos(entries, count,
                                       internal::ToPollTimeout(timeout));
  };
  return macos;
}

}  // namespace

absl::Span<const StandinSystem> StandinSystems() {
  static const auto& systems = *new std::vector<StandinSystem>{
      MakeMacos(),
      Make("freebsd", internal::kFreebsdTraits, &kqueue_standin::KqueueFreebsd),
      Make("netbsd", internal::kNetbsdTraits, &kqueue_standin::KqueueNetbsd),
  };
  return systems;
}

}  // namespace tests
}  // namespace isopoll
