// Contender: a kind of poller that is to be judged.

#ifndef ISOPOLL_TESTS_SUPPORT_CONTENDER_H_
#define ISOPOLL_TESTS_SUPPORT_CONTENDER_H_

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "isopoll/poller.h"
#include "tests/support/capability.h"
#include "tests/support/poller_kind.h"

namespace isopoll::tests {

struct Contender {
  // As it is called in failures.
  std::string name;

  // Makes one, fresh.
  std::function<absl::StatusOr<std::unique_ptr<Poller>>()> create;

  // What it claims beyond the core: see PollerOptions.
  bool exact_hints = false;
  bool check_closed = false;

  // Whether its kernel goes by files and not by numbers, as epoll(7) does: then
  // a number that was closed without Remove may be reported for a while (R12).
  bool holds_files = false;

  // See PollerKind.
  bool hears_low_water_mark = true;

  // What it does not claim. It is left out of scenarios that need it, and of
  // the random ones, which need everything.
  std::set<Capability> lacks;
};

// A poller of `kind` as `epoll`, or with both options on as `epoll(exact)`.
Contender PlainContender(const PollerKind& kind);
Contender ExactContender(const PollerKind& kind);

// Both for each of AllKinds().
std::vector<Contender> AllContenders();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_CONTENDER_H_
