#include <fcntl.h>
#include <io.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "echo/load/typed_io.h"
#include "isopoll/net/options.h"
#include "isopoll/net/pairs.h"
#include "net/internal/sys.h"

namespace isopoll::echo {
namespace {

// The C library's numbers. It knows pipes, files and consoles, and what Ctrl-Z
// is; and as what is binary it leaves the bytes as they are.
constexpr int kInput = 0;
constexpr int kOutput = 1;

constexpr size_t kPiece = 16 * 1024;  // more than a console takes, or a line

// Whether all of it went. Blocks as long as there is no room.
bool SendAll(int fd, absl::string_view data) {
  while (!data.empty()) {
    const absl::StatusOr<Transfer> sent = Send(fd, data);
    if (!sent.ok()) return false;
    data.remove_prefix(sent->bytes());
    if (sent->would_block()) sys::PollOne(fd, POLLOUT, /*milliseconds=*/-1);
  }
  return true;
}

// Until the input ends, or nobody reads any more.
void Feed(const UniqueFd& fd) {
  char buffer[kPiece];
  for (;;) {
    const int count = ::_read(kInput, buffer, sizeof(buffer));
    if (count == 0) return;
    if (count < 0) {
      SocketOptions reset;
      reset.reset_on_close = true;
      SetOptions(fd.get(), reset).IgnoreError();
      return;
    }
    if (!SendAll(fd.get(), {buffer, static_cast<size_t>(count)})) return;
  }
}

}  // namespace

// Only sockets can be polled. So a thread reads, blocking, and feeds one; while
// it reads, the process may end.
absl::StatusOr<UniqueFd> TakeTypedInput() {
  absl::StatusOr<SocketPairFds> pair = TcpPair();
  if (!pair.ok()) return pair.status();
  ::_setmode(kInput, _O_BINARY);
  ::_setmode(kOutput, _O_BINARY);
  std::thread([fd = std::move(pair->first)] { Feed(fd); }).detach();
  return std::move(pair->second);
}

absl::StatusOr<Transfer> ReadTyped(int input, absl::Span<char> buffer) {
  const absl::StatusOr<Transfer> transfer = Receive(input, buffer);
  if (transfer.ok()) return transfer;
  return absl::UnavailableError("reading the input: it cannot be read");
}

absl::Status WriteTyped(absl::string_view data) {
  while (!data.empty()) {
    const int count =
        ::_write(kOutput, data.data(),
                 static_cast<unsigned>(std::min(data.size(), kPiece)));
    if (count < 0) return absl::ErrnoToStatus(errno, "writing the output");
    data.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

}  // namespace isopoll::echo
