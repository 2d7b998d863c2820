// macOS's poll(2) is not its select(2):
//   - in one entry that asks for both directions, the end of reading sets
//     POLLHUP, which hides POLLOUT: each direction has an entry of its own;
//   - it shows no out-of-band data, and shows the end of reading as POLLPRI;
//   - it says POLLNVAL of devices, and nothing of the end of a FIFO, or of
//     writing to a pipe's read end, which select calls possible.
// The first is mended here. For what is left PollFor goes by select, all of it,
// since nobody can sleep in two calls at once.

#include "poller/internal/poll_call_macos.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <ctime>
#include <vector>

#include "poller/internal/fd_bitmap.h"
#include "poller/internal/poll_call.h"
#include "poller/internal/poll_parts.h"

namespace isopoll {
namespace internal {
namespace {

// In an entry's events: poll does not see it. No bit of poll's own.
constexpr short kBySelect = 0x4000;

// In place of a number that is closed.
constexpr int kClosed = -1;

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

bool AnyBySelect(const pollfd* entries, nfds_t count) {
  return std::any_of(entries, entries + count, [](const pollfd& entry) {
    return entry.fd >= 0 && (entry.events & (kBySelect | POLLPRI)) != 0;
  });
}

// A hangup is what was asked for, be it to read or to write. As a hint it is
// kept of the reading part only: the other's may be our own doing.
short ReadPart(const pollfd& part) {
  const short hints = part.events == POLLIN ? POLLHUP | POLLERR : POLLERR;
  return static_cast<short>(part.events | (part.revents & hints));
}

// As PollBySelect, but that select fails if any descriptor is closed.
int PollOpenBySelect(pollfd* entries, nfds_t count, const timespec* timeout) {
  FdBitmap read, write, except;
  int highest = 0;
  for (nfds_t i = 0; i < count; ++i) {
    if (entries[i].fd < 0) continue;
    highest = std::max(highest, entries[i].fd);
    for (FdBitmap* set : {&read, &write, &except}) set->Cover(highest);
    if ((entries[i].events & POLLIN) != 0) read.Put(entries[i].fd, true);
    if ((entries[i].events & POLLOUT) != 0) write.Put(entries[i].fd, true);
    if ((entries[i].events & POLLPRI) != 0) except.Put(entries[i].fd, true);
  }
  const int bits = ::pselect(highest + 1, read.data(), write.data(),
                             except.data(), timeout, nullptr);
  if (bits == -1) return -1;
  int found = 0;
  for (nfds_t i = 0; i < count; ++i) {
    const int fd = entries[i].fd;
    entries[i].revents = 0;
    if (fd < 0 || bits == 0) continue;
    const int answer = (read.Has(fd) ? POLLIN : 0) |
                       (write.Has(fd) ? POLLOUT : 0) |
                       (except.Has(fd) ? POLLPRI : 0);
    entries[i].revents = static_cast<short>(entries[i].events & answer);
    if (entries[i].revents != 0) ++found;
  }
  return found;
}

// Answers what is closed, and what is ready of the others. One that is closed
// must not hide those.
int PollBesideClosed(pollfd* entries, nfds_t count) {
  std::vector<pollfd> open(entries, entries + count);
  int closed = 0;
  for (pollfd& entry : open) {
    if (entry.fd < 0 || IsOpen(entry.fd)) continue;
    entry.fd = kClosed;
    ++closed;
  }
  constexpr timespec kNoTime = {};
  const int found =
      closed == 0 ? -1 : PollOpenBySelect(open.data(), count, &kNoTime);
  if (found == -1) {
    errno = EINTR;  // it is open by now, or another closed: ask again
    return -1;
  }
  for (nfds_t i = 0; i < count; ++i) {
    const bool gone = entries[i].fd >= 0 && open[i].fd == kClosed;
    entries[i].revents = gone ? short{POLLNVAL} : open[i].revents;
  }
  return closed + found;
}

}  // namespace

int PollFor(pollfd* entries, nfds_t count, const timespec* timeout) {
  if (AnyBySelect(entries, count)) {
    return PollBySelect(entries, count, timeout);
  }
  PollParts parts(entries, count, {POLLIN, POLLOUT});
  const int found = ::poll(parts.data(), parts.size(), ToPollTimeout(timeout));
  return found <= 0 ? found : parts.PutTogether(entries, count, &ReadPart);
}

short PollMarks(int fd) {
  struct stat file;
  if (::fstat(fd, &file) == -1) return 0;
  return S_ISSOCK(file.st_mode) ? short{0} : kBySelect;
}

int PollBySelect(pollfd* entries, nfds_t count, const timespec* timeout) {
  const int found = PollOpenBySelect(entries, count, timeout);
  if (found == -1 && errno == EBADF) return PollBesideClosed(entries, count);
  return found;
}

}  // namespace internal
}  // namespace isopoll
