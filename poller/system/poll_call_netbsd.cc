// NetBSD's poll(2) is not its select(2), which asks the file for one direction
// at a time (sys/kern/sys_select.c, sel_flag and selscan):
//   - of a FIFO that is asked for reading and writing at once it says both: two
//     sockets are behind it, each shut down for the other direction, and both
//     are asked for all (fifo_vnops.c, fifo_poll);
//   - it asks for a hangup always. A terminal has one only if it is asked, and
//     select does not ask for it with priority (tty.c, ttpoll; tty_pty.c,
//     ptcpoll).
// So each direction is asked for in an entry of its own, and read here.

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

#include <ctime>

#include "poller/system/platform.h"
#include "poller/system/poll_call.h"
#include "poller/system/poll_parts.h"

namespace isopoll {
namespace internal {
namespace {

// One that was revoked has no status.
bool IsDevice(int fd) {
  struct stat file;
  return ::fstat(fd, &file) == -1 || S_ISCHR(file.st_mode);
}

// select takes any answer for a yes: a pipe whose other side is gone is of
// priority, too.
bool IsYes(const PollEntry& part) {
  if (part.events != POLLRDBAND || (part.revents & POLLRDBAND) != 0) {
    return true;
  }
  return (part.revents & POLLHUP) != 0 && !IsDevice(part.fd);
}

short ReadPart(const PollEntry& part) {
  return static_cast<short>((IsYes(part) ? part.events : 0) |
                            (part.revents & (POLLHUP | POLLERR)));
}

}  // namespace

// NetBSD had this name before it had ppoll's.
int PollFor(PollEntry* entries, PollCount count, const timespec* timeout) {
  PollParts parts(entries, count, {POLLIN, POLLOUT, POLLRDBAND});
  const int found = ::pollts(parts.data(), parts.size(), timeout, nullptr);
  return found < 0 ? found : parts.PutTogether(entries, count, &ReadPart);
}

short PollMarks(int /*fd*/) { return 0; }

}  // namespace internal
}  // namespace isopoll
