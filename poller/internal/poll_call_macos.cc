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

namespace isopoll {
namespace internal {
namespace {

// In an entry's events: poll does not see it. No bit of poll's own.
constexpr short kBySelect = 0x4000;

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

bool AnyBySelect(const pollfd* entries, nfds_t count) {
  return std::any_of(entries, entries + count, [](const pollfd& entry) {
    return entry.fd >= 0 && (entry.events & (kBySelect | POLLPRI)) != 0;
  });
}

// select fails if any descriptor is closed: finds which.
int FindClosed(pollfd* entries, nfds_t count) {
  int found = 0;
  for (nfds_t i = 0; i < count; ++i) {
    const bool closed = entries[i].fd >= 0 && !IsOpen(entries[i].fd);
    entries[i].revents = closed ? POLLNVAL : short{0};
    if (closed) ++found;
  }
  if (found > 0) return found;
  errno = EINTR;  // it is open by now: ask again
  return -1;
}

// The entries that poll(2) itself is asked: one for each direction.
class Halves {
 public:
  Halves(const pollfd* entries, nfds_t count) {
    for (nfds_t i = 0; i < count; ++i) {
      for (const short direction : {short{POLLIN}, short{POLLOUT}}) {
        if (entries[i].fd < 0 || (entries[i].events & direction) == 0) continue;
        halves_.push_back({entries[i].fd, direction, 0});
        wholes_.push_back(i);
      }
    }
  }

  int Poll(int timeout) {
    return ::poll(halves_.data(), static_cast<nfds_t>(halves_.size()), timeout);
  }

  // A hangup is what was asked for, be it to read or to write. As a hint it is
  // kept of the reading half only: the other's may be our own doing.
  int PutTogether(pollfd* entries, nfds_t count) const {
    for (nfds_t i = 0; i < count; ++i) entries[i].revents = 0;
    for (size_t i = 0; i < halves_.size(); ++i) {
      const pollfd& half = halves_[i];
      short& whole = entries[wholes_[i]].revents;
      if ((half.revents & POLLNVAL) != 0) {
        whole = POLLNVAL;
      } else if (half.revents != 0) {
        const short hints = half.events == POLLIN ? POLLHUP | POLLERR : POLLERR;
        whole =
            static_cast<short>(whole | half.events | (half.revents & hints));
      }
    }
    return static_cast<int>(
        std::count_if(entries, entries + count,
                      [](const pollfd& entry) { return entry.revents != 0; }));
  }

 private:
  std::vector<pollfd> halves_;
  std::vector<nfds_t> wholes_;  // the entry that each is a half of
};

}  // namespace

int PollFor(pollfd* entries, nfds_t count, const timespec* timeout) {
  if (AnyBySelect(entries, count)) {
    return PollBySelect(entries, count, timeout);
  }
  Halves halves(entries, count);
  const int found = halves.Poll(ToPollTimeout(timeout));
  return found <= 0 ? found : halves.PutTogether(entries, count);
}

short PollMarks(int fd) {
  struct stat file;
  if (::fstat(fd, &file) == -1) return 0;
  return S_ISSOCK(file.st_mode) ? short{0} : kBySelect;
}

int PollBySelect(pollfd* entries, nfds_t count, const timespec* timeout) {
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
  if (bits == -1) return errno == EBADF ? FindClosed(entries, count) : -1;
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

}  // namespace internal
}  // namespace isopoll
