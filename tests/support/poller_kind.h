// PollerKind: a way to make pollers that the tests know by name. There is one
// for each backend of this program; and for one that this system cannot have,
// kqueue on Linux, one for each kernel that a stand-in takes the place of.

#ifndef ISOPOLL_TESTS_SUPPORT_POLLER_KIND_H_
#define ISOPOLL_TESTS_SUPPORT_POLLER_KIND_H_

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "isopoll/backend.h"
#include "isopoll/poller.h"

namespace isopoll::tests {

struct PollerKind {
  PollerKind() = default;
  // What Poller::Create makes of it. Implicit: every backend is a kind.
  PollerKind(Backend of);  // NOLINT(google-explicit-constructor)

  // As a backend is called; "kqueue(macos)" on a stand-in for that kernel.
  std::string name;
  Backend backend = Backend::kSelect;
  bool on_standin = false;
  // Whether its kernel tells who waits that SO_RCVLOWAT came down to what is
  // there already.
  bool hears_low_water_mark = true;
  // Makes one. The options' backend is not looked at.
  std::function<absl::StatusOr<std::unique_ptr<Poller>>(PollerOptions)> create;
};

// That of each of SupportedBackends(), in the same order.
std::vector<PollerKind> SupportedKinds();

// Those on stand-ins; none where the backends are all the system's own.
std::vector<PollerKind> StandinKinds();

// Both, the supported first.
std::vector<PollerKind> AllKinds();

// Prints its name, in messages of tests.
void PrintTo(const PollerKind& kind, std::ostream* out);

// Its name as a part of a test's: "kqueue_macos".
std::string TestNameOf(const PollerKind& kind);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_POLLER_KIND_H_
