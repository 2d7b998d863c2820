// Helpers for the tables of what is done to channels.

#ifndef ISOPOLL_TESTS_SUPPORT_ON_FD_H_
#define ISOPOLL_TESTS_SUPPORT_ON_FD_H_

#include <cerrno>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/support/step.h"
#include "tests/support/world.h"

namespace isopoll::tests {

// A Command's function that calls `act` with the open descriptor that the
// step's second word names.
template <absl::Status (*act)(int fd, const Step& step)>
absl::Status OnFd(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  return fd.ok() ? act(*fd, step) : fd.status();
}

// OK if `done`, or else errno as a Status that names `call`.
inline absl::Status OkIf(bool done, absl::string_view call) {
  return done ? absl::OkStatus() : absl::ErrnoToStatus(errno, call);
}

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_ON_FD_H_
