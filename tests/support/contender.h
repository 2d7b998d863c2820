// Contender: a kind of poller that is to be judged.

#ifndef ISOPOLL_TESTS_SUPPORT_CONTENDER_H_
#define ISOPOLL_TESTS_SUPPORT_CONTENDER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "poller/poller.h"

namespace isopoll::tests {

struct Contender {
  // As it is called in failures.
  std::string name;

  // Makes one, fresh.
  std::function<absl::StatusOr<std::unique_ptr<Poller>>()> create;

  // What it claims beyond the core: see PollerOptions.
  bool exact_hints = false;
  bool check_closed = false;
};

// A Poller of `backend` as `epoll`, or with both options on as `epoll(exact)`.
Contender PlainContender(Backend backend);
Contender ExactContender(Backend backend);

// Both for each of SupportedBackends().
std::vector<Contender> SupportedContenders();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_CONTENDER_H_
