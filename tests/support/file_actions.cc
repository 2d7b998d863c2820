// What is done to numbers and to the files behind them.

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "isopoll/net/unique_fd.h"
#include "tests/support/on_fd.h"
#include "tests/support/special_commands.h"
#include "tests/support/world.h"

namespace isopoll::tests {
namespace {

absl::Status Replace(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  absl::StatusOr<int> by = world.Fd(step.word(2));
  if (!by.ok()) return by.status();
  return OkIf(::dup3(*by, *fd, O_CLOEXEC) >= 0, "dup3");
}

absl::Status Reopen(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  int mode = O_RDONLY;
  if (step.word(3) == "w") mode = O_WRONLY;
  if (step.word(3) == "rw") mode = O_RDWR;
  const std::string path = absl::StrCat("/proc/self/fd/", *fd);
  return world.Own(
      step.word(2),
      UniqueFd(::open(path.c_str(), mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)));
}

constexpr Command kFileActions[] = {
    {"replace NAME NAME", "dup2: the first number now is the second's file",
     Replace},
    {"reopen NAME NEW r|w|rw", "opens the same pipe, FIFO or file again",
     Reopen},
};

}  // namespace

absl::Span<const Command> FileActions() { return kFileActions; }

}  // namespace isopoll::tests
