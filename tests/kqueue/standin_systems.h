// The kernels that have kqueue, as the backend finds them on Linux.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_SYSTEMS_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_SYSTEMS_H_

#include <string>

#include "absl/types/span.h"
#include "poller/kqueue/kqueue_system.h"

namespace isopoll::tests {

struct StandinSystem {
  // "macos", "freebsd" or "netbsd".
  std::string name;
  // With that kernel's traits, and the calls of the stand-in for it.
  internal::KqueueSystem system;
};

absl::Span<const StandinSystem> StandinSystems();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_SYSTEMS_H_
