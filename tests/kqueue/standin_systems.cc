#include "tests/kqueue/standin_systems.h"

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "isopoll/interest.h"
#include "poller/kqueue/kqueue_system.h"
#include "tests/kqueue/systems.h"
#include "tests/kqueue_standin/quiet_poll.h"
#include "tests/kqueue_standin/standin.h"

namespace isopoll {
namespace internal {

// That of false_priority_macos.cc.
Interest MacosWithoutFalsePriority(int fd, Interest interest);

}  // namespace internal

namespace tests {
namespace {

StandinSystem Make(std::string name, internal::KqueueSystem system,
                   int (*kqueue)()) {
  system.kqueue = kqueue;
  system.poll = &kqueue_standin::Poll;
  system.watching_poll = system.poll;
  system.quiet_poll = &kqueue_standin::QuietPoll;
  system.fstat = &kqueue_standin::Fstat;
  return {std::move(name), system};
}

StandinSystem MakeMacos() {
  StandinSystem macos = Make("macos", internal::MacosKqueueSystem(),
                             &kqueue_standin::KqueueMacos);
  macos.system.without_false_priority = &internal::MacosWithoutFalsePriority;
  macos.system.poll = &kqueue_standin::PollMacos;
  // What the filters do not see poll does not see either.
  macos.system.watching_poll = &kqueue_standin::SelectMacos;
  return macos;
}

StandinSystem MakeNetbsd() {
  StandinSystem netbsd = Make("netbsd", internal::NetbsdKqueueSystem(),
                              &kqueue_standin::KqueueNetbsd);
  netbsd.system.fstat = &kqueue_standin::FstatNetbsd;
  return netbsd;
}

}  // namespace

absl::Span<const StandinSystem> StandinSystems() {
  static const auto& systems = *new std::vector<StandinSystem>{
      MakeMacos(),
      Make("freebsd", internal::FreebsdKqueueSystem(),
           &kqueue_standin::KqueueFreebsd),
      MakeNetbsd(),
  };
  return systems;
}

}  // namespace tests
}  // namespace isopoll
