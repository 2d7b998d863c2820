// Winsock's select and WSAPoll, which are not the backends' own calls.

#include <winsock2.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "net/internal/winsock.h"
#include "poller/interest.h"
#include "tests/support/answer.h"
#include "tests/support/reference.h"
#include "tests/support/reference_calls.h"

namespace isopoll::tests {
namespace {

using internal::ToSocket;

// An fd_set is a count and an array, which select takes of any length.
class SocketSet {
 public:
  explicit SocketSet(const std::vector<int>& fds) {
    for (int fd : fds) words_.push_back(ToSocket(fd));
    data()->fd_count = static_cast<u_int>(fds.size());
  }
  fd_set* data() { return reinterpret_cast<fd_set*>(words_.data()); }
  bool Has(int fd) {
    const auto end = words_.begin() + 1 + data()->fd_count;
    return std::find(words_.begin() + 1, end, ToSocket(fd)) != end;
  }

 private:
  // The first holds the count.
  std::vector<SOCKET> words_ = {0};
};
static_assert(offsetof(fd_set, fd_array) == sizeof(SOCKET), "not an array");

// What WSAPoll says of `fd`, asked for `events`.
absl::Status PollFor(int fd, short events, short& revents) {
  WSAPOLLFD entry = {ToSocket(fd), events, 0};
  if (::WSAPoll(&entry, 1, 0) < 0) {
    internal::FailWithLastError();
    return absl::ErrnoToStatus(errno, "WSAPoll, as the reference");
  }
  revents = entry.revents;
  return absl::OkStatus();
}

// What select means that has `fd` among the exceptions: out-of-band data, or
// that a connect has failed. POSIX has that readable and writable.
absl::Status ReadException(int fd, Interest& ready) {
  short revents = 0;
  absl::Status asked = PollFor(fd, POLLRDBAND, revents);
  const bool urgent = (revents & POLLRDBAND) != 0;
  ready |= urgent ? kPriority : kReadable | kWritable;
  return asked;
}

}  // namespace

absl::Status AskSelect(const std::vector<int>& fds, Snapshot& snapshot) {
  SocketSet read(fds), write(fds), except(fds);
  timeval zero = {};
  if (::select(0, read.data(), write.data(), except.data(), &zero) < 0) {
    internal::FailWithLastError();
    return absl::ErrnoToStatus(errno, "select, as the reference");
  }
  for (int fd : fds) {
    Interest& ready = snapshot[fd].ready;
    if (read.Has(fd)) ready |= kReadable;
    if (write.Has(fd)) ready |= kWritable;
    if (!except.Has(fd)) continue;
    if (absl::Status asked = ReadException(fd, ready); !asked.ok()) {
      return asked;
    }
  }
  return absl::OkStatus();
}

// One by one: in one call Wine mixes up two numbers of the same socket.
absl::Status AskPoll(const std::vector<int>& fds, Snapshot& snapshot) {
  for (int fd : fds) {
    short revents = 0;
    absl::Status asked = PollFor(fd, POLLRDNORM, revents);
    if (!asked.ok()) return asked;
    Answer& answer = snapshot[fd];
    answer.error = (revents & POLLERR) != 0;
    answer.hangup = answer.error;
    answer.read_closed = (revents & (POLLHUP | POLLERR)) != 0;
  }
  return absl::OkStatus();
}

}  // namespace isopoll::tests
