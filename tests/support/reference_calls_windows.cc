// Winsock's select and WSAPoll, which are not the backends' own calls.

#include <winsock2.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "isopoll/interest.h"
#include "net/internal/winsock.h"
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

// Of one socket under two numbers Wine answers both what the last is asked: so
// all are asked the same.
absl::StatusOr<std::vector<WSAPOLLFD>> Poll(const std::vector<int>& fds,
                                            short events) {
  std::vector<WSAPOLLFD> entries;
  for (int fd : fds) entries.push_back({ToSocket(fd), events, 0});
  if (::WSAPoll(entries.data(), static_cast<ULONG>(entries.size()), 0) < 0) {
    internal::FailWithLastError();
    return absl::ErrnoToStatus(errno, "WSAPoll, as the reference");
  }
  return entries;
}

}  // namespace

absl::Status AskSelect(const std::vector<int>& fds, Snapshot& snapshot) {
  SocketSet read(fds), write(fds), except(fds);
  timeval zero = {};
  if (::select(0, read.data(), write.data(), except.data(), &zero) < 0) {
    internal::FailWithLastError();
    return absl::ErrnoToStatus(errno, "select, as the reference");
  }
  const auto bands = Poll(fds, POLLRDBAND);
  if (!bands.ok()) return bands.status();
  for (const WSAPOLLFD& entry : *bands) {
    const int fd = internal::FromSocket(entry.fd);
    Interest& ready = snapshot[fd].ready;
    if (read.Has(fd)) ready |= kReadable;
    if (write.Has(fd)) ready |= kWritable;
    if (!except.Has(fd)) continue;
    // An exception is out-of-band data, or that a connect has failed. POSIX has
    // that readable and writable.
    const bool urgent = (entry.revents & POLLRDBAND) != 0;
    ready |= urgent ? kPriority : kReadable | kWritable;
  }
  return absl::OkStatus();
}

absl::Status AskPoll(const std::vector<int>& fds, Snapshot& snapshot) {
  const auto entries = Poll(fds, POLLRDNORM);
  if (!entries.ok()) return entries.status();
  for (const WSAPOLLFD& entry : *entries) {
    Answer& answer = snapshot[internal::FromSocket(entry.fd)];
    answer.error = (entry.revents & POLLERR) != 0;
    answer.hangup = answer.error;
    answer.read_closed = (entry.revents & (POLLHUP | POLLERR)) != 0;
  }
  return absl::OkStatus();
}

}  // namespace isopoll::tests
