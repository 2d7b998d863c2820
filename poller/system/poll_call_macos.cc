// macOS's poll(2) is not its select(2):
//   - in one entry that asks for both directions, the end of reading sets
//     POLLHUP, which hides POLLOUT: each direction has an entry of its own;
//   - it shows no out-of-band data, and shows the end of reading as POLLPRI;
//   - it says POLLNVAL of devices, and nothing of the end of a FIFO, or of
//     writing to a pipe's read end, which select calls possible.
// The first is mended here. For what is left PollFor goes by select, all of it,
// since nobody can sleep in two calls at once.

#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>

#include "poller/system/platform.h"
#include "poller/system/poll_by_select.h"
#include "poller/system/poll_call.h"
#include "poller/system/poll_parts.h"

namespace isopoll {
namespace internal {
namespace {

// In an entry's events: poll does not see it. No bit of poll's own.
constexpr short kBySelect = 0x4000;

bool AnyBySelect(const PollEntry* entries, PollCount count) {
  return std::any_of(entries, entries + count, [](const PollEntry& entry) {
    return entry.fd >= 0 && (entry.events & (kBySelect | POLLPRI)) != 0;
  });
}

// A hangup is what was asked for, be it to read or to write. As a hint it is
// kept of the reading part only: the other's may be our own doing.
short ReadPart(const PollEntry& part) {
  const short hints = part.events == POLLIN ? POLLHUP | POLLERR : POLLERR;
  return static_cast<short>(part.events | (part.revents & hints));
}

}  // namespace

int PollFor(PollEntry* entries, PollCount count, const timespec* timeout) {
  if (AnyBySelect(entries, count)) {
    return PollBySelect(entries, count, timeout);
  }
  PollParts parts(entries, count, {POLLIN, POLLOUT});
  const int found = ::poll(parts.data(), parts.size(), ToPollTimeout(timeout));
  return found < 0 ? found : parts.PutTogether(entries, count, &ReadPart);
}

short PollMarks(int fd) {
  struct stat file;
  if (::fstat(fd, &file) == -1) return 0;
  return S_ISSOCK(file.st_mode) ? short{0} : kBySelect;
}

}  // namespace internal
}  // namespace isopoll
