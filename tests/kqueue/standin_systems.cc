#include "tests/kqueue/standin_systems.h"

#include <sys/event.h>

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "poller/interest.h"
#include "poller/kqueue/kqueue_calls.h"
#include "poller/kqueue/kqueue_system.h"
#include "poller/kqueue/kqueue_traits.h"
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
  system.poll = &kqueue_standin::Poll;
  system.watching_poll = system.poll;
  system.quiet_poll = &kqueue_standin::QuietPoll;
  system.fstat = &kqueue_standin::Fstat;
  return {std::move(name), system};
}

StandinSystem MakeMacos() {
  StandinSystem macos =
      Make("macos", internal::kMacosTraits, &kqueue_standin::KqueueMacos);
  macos.system.without_false_priority = &internal::MacosWithoutFalsePriority;
  macos.system.poll = &kqueue_standin::PollMacos;
  // What the filters do not see poll does not see either.
  macos.system.watching_poll = &kqueue_standin::SelectMacos;
  return macos;
}

StandinSystem MakeNetbsd() {
  StandinSystem netbsd =
      Make("netbsd", internal::kNetbsdTraits, &kqueue_standin::KqueueNetbsd);
  netbsd.system.fstat = &kqueue_standin::FstatNetbsd;
  return netbsd;
}

}  // namespace

absl::Span<const StandinSystem> StandinSystems() {
  static const auto& systems = *new std::vector<StandinSystem>{
      MakeMacos(),
      Make("freebsd", internal::kFreebsdTraits, &kqueue_standin::KqueueFreebsd),
      MakeNetbsd(),
  };
  return systems;
}

}  // namespace tests
}  // namespace isopoll
