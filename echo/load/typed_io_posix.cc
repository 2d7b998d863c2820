#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "echo/load/typed_io.h"

namespace isopoll::echo {
namespace {

// For an output that somebody has made non-blocking, as those can who share a
// terminal.
void AwaitRoom() {
  pollfd entry = {STDOUT_FILENO, POLLOUT, 0};
  ::poll(&entry, 1, -1);
}

}  // namespace

absl::StatusOr<UniqueFd> TakeTypedInput() { return UniqueFd(STDIN_FILENO); }

absl::StatusOr<Transfer> ReadTyped(int input, absl::Span<char> buffer) {
  const ssize_t count = ::read(input, buffer.data(), buffer.size());
  if (count > 0) return Transfer::Bytes(static_cast<size_t>(count));
  if (count == 0) return Transfer::EndOfFile();
  if (errno == EINTR || errno == EAGAIN) return Transfer::WouldBlock();
  return absl::ErrnoToStatus(errno, "reading the input");
}

absl::Status WriteTyped(absl::string_view data) {
  while (!data.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, data.data(), data.size());
    if (count >= 0) {
      data.remove_prefix(static_cast<size_t>(count));
    } else if (errno == EAGAIN) {
      AwaitRoom();
    } else if (errno != EINTR) {
      return absl::ErrnoToStatus(errno, "writing the output");
    }
  }
  return absl::OkStatus();
}

}  // namespace isopoll::echo
