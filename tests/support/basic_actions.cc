#include "tests/support/basic_actions.h"

#include <sys/types.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/sys.h"
#include "tests/support/numbers.h"
#include "tests/support/on_fd.h"
#include "tests/support/quiet_io.h"
#include "tests/support/reference.h"
#include "tests/support/special_commands.h"
#include "tests/support/world.h"

namespace isopoll::tests {
namespace {

// More than a page, so that filling a socket takes few calls; a size that
// every datagram socket takes.
constexpr size_t kFillBytes = 32768;

// More than any buffer of the kernel holds, if a write takes kLeastRoom of it.
constexpr size_t kEndless = size_t{16} << 20;
constexpr size_t kLeastRoom = 1024;

absl::Status Close(World& world, const Step& step) {
  return world.Close(step.word(1));
}

absl::Status Dup(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  return world.Own(step.word(2), UniqueFd(Duplicate(*fd)));
}

absl::Status Await(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  return AwaitReady(*fd, step.interest(2), world.patience());
}

absl::Status AwaitBytes(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  const absl::Time deadline = absl::Now() + world.patience();
  int bytes = 0;
  do {
    if (sys::BytesToRead(*fd, &bytes) != 0) {
      return absl::ErrnoToStatus(errno, "ioctl(FIONREAD)");
    }
    if (static_cast<uint64_t>(bytes) == step.number(2)) {
      return absl::OkStatus();
    }
    // What poll(2) cannot wait for: look again each millisecond.
    absl::SleepFor(absl::Milliseconds(1));
  } while (absl::Now() < deadline);
  return absl::DeadlineExceededError(
      absl::StrCat("there are ", bytes, " bytes to read"));
}

absl::Status Send(int fd, const Step& step) {
  const std::string data(step.number(2), 'x');
  size_t sent = 0;
  do {
    const ssize_t n = QuietWrite(fd, data.data() + sent, data.size() - sent);
    if (n < 0) return absl::ErrnoToStatus(errno, "write");
    sent += static_cast<size_t>(n);
  } while (sent < data.size());
  return absl::OkStatus();
}

absl::Status Recv(int fd, const Step& step) {
  std::string buffer(step.number(2), '\0');
  const ssize_t n = QuietRead(fd, buffer.data(), buffer.size());
  if (n < 0) return absl::ErrnoToStatus(errno, "read");
  if (static_cast<size_t>(n) == buffer.size()) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("read gave ", n, " bytes of ", buffer.size()));
}

// Whether anything could be written before the write would have blocked, or
// the peer made room.
absl::StatusOr<bool> FillOnce(int fd) {
  size_t total = 0;
  int writes = 0;
  // A pipe and a datagram socket refuse what is too large for the room left.
  for (size_t size = kFillBytes; size > 0;) {
    const std::string data(size, 'x');
    const ssize_t n = QuietWrite(fd, data.data(), size);
    if (n >= 0) {
      total += std::max(static_cast<size_t>(n), kLeastRoom);
      if (total > kEndless) return absl::OutOfRangeError("it never fills");
      // There was no room for two of this size.
      if (++writes > 2 && size < kFillBytes) return true;
    } else if (errno == EAGAIN) {
      size /= 2;
      writes = 0;
    } else {
      return absl::ErrnoToStatus(errno, "write");
    }
  }
  return total > 0;
}

absl::Status Fill(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  while (true) {
    absl::StatusOr<bool> any = FillOnce(*fd);
    if (!any.ok()) return any.status();
    if (!*any) return absl::OkStatus();
    // What is under way to the peer makes room.
    absl::Status settled = world.Settle();
    if (!settled.ok()) return settled;
  }
}

// Whether there was anything to read before the read would have blocked.
absl::StatusOr<bool> DrainOnce(int fd) {
  std::string buffer(kFillBytes, '\0');
  size_t total = 0;
  while (total < kEndless) {
    const ssize_t n = QuietRead(fd, buffer.data(), buffer.size());
    if (n == 0 || (n < 0 && errno == EAGAIN)) return total > 0;
    if (n < 0) return absl::ErrnoToStatus(errno, "read");
    total += static_cast<size_t>(n);
  }
  return absl::OutOfRangeError("there is always more");
}

absl::Status Drain(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  while (true) {
    absl::StatusOr<bool> any = DrainOnce(*fd);
    if (!any.ok()) return any.status();
    if (!*any) return absl::OkStatus();
    // The room this made lets the peer send more.
    absl::Status settled = world.Settle();
    if (!settled.ok()) return settled;
  }
}

constexpr Command kActions[] = {
    {"send NAME COUNT", "writes COUNT bytes, to a socket as one datagram",
     OnFd<Send>},
    {"recv NAME COUNT", "reads COUNT bytes", OnFd<Recv>},
    {"fill NAME", "writes until a write of one byte would block", Fill},
    {"drain NAME", "reads until a read would block, or gives 0", Drain},
    {"close NAME", "close", Close},
    {"dup NAME NEW", "a second descriptor of the same open file", Dup},
};

constexpr Command kAwaits[] = {
    {"await NAME INTEREST", "until select(2) says exactly that", Await},
    {"await_bytes NAME COUNT", "until that many are there to read", AwaitBytes},
};

}  // namespace

absl::Span<const Command> BasicActions() {
  static const auto& all =
      *new std::vector<Command>(Joined({kActions, FileActions(), kAwaits}));
  return all;
}

}  // namespace isopoll::tests
