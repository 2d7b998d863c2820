// Helpers for the tables of kinds of descriptors.

#ifndef ISOPOLL_TESTS_SUPPORT_OWNING_H_
#define ISOPOLL_TESTS_SUPPORT_OWNING_H_

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "net/internal/sys.h"
#include "tests/support/bind_anywhere.h"
#include "tests/support/step.h"
#include "tests/support/world.h"

namespace isopoll::tests {

inline UniqueFd OpenSocket(int family, int type) {
  return UniqueFd(internal::OpenSocket(family, type));
}

// Gives the two the names in the step's words.
inline absl::Status OwnBoth(World& world, const Step& step, UniqueFd first,
                            UniqueFd second) {
  absl::Status owned = world.Own(step.word(1), std::move(first));
  if (!owned.ok()) return owned;
  return world.Own(step.word(2), std::move(second));
}

// Gives `fd`, which listens from then on, the name in the step's words.
inline absl::Status OwnListener(World& world, const Step& step, UniqueFd fd) {
  if (absl::Status bound = BindAnywhere(fd.get()); !bound.ok()) return bound;
  if (sys::Listen(fd.get(), 128) != 0) {
    return absl::ErrnoToStatus(errno, "listen");
  }
  return world.Own(step.word(1), std::move(fd));
}

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_OWNING_H_
