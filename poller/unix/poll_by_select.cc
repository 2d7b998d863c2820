#include "poller/unix/poll_by_select.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/select.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <ctime>
#include <vector>

#include "absl/time/time.h"
#include "poller/core/deadline.h"
#include "poller/unix/fd_bitmap.h"
#include "poller/unix/mask_dialect.h"
#include "poller/unix/poll_call.h"

namespace isopoll {
namespace internal {
namespace {

// In place of a number that is closed.
constexpr int kClosed = -1;

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

// Whether there is an entry whose event select might sleep through.
bool MissesErrors(const pollfd* entries, nfds_t count) {
  return kPollDialect.select_misses_errors &&
         std::any_of(entries, entries + count, [](const pollfd& entry) {
           return entry.fd >= 0 && (entry.events & (POLLIN | POLLOUT)) == 0;
         });
}

short PriorityBit() { return static_cast<short>(kPollDialect.ask_priority); }

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
    if ((entries[i].events & PriorityBit()) != 0)
      except.Put(entries[i].fd, true);
  }
  const int bits = ::pselect(highest + 1, read.data(), write.data(),
                             except.data(), timeout, nullptr);
  if (bits == -1) return -1;
  // Linux passes over what is beyond its table, and so closed, and leaves its
  // bits set (fs/select.c, core_sys_select).
  if (bits != 0 &&
      bits != read.CountBits() + write.CountBits() + except.CountBits()) {
    errno = EBADF;
    return -1;
  }
  int found = 0;
  for (nfds_t i = 0; i < count; ++i) {
    const int fd = entries[i].fd;
    entries[i].revents = 0;
    if (fd < 0 || bits == 0) continue;
    const int answer = (read.Has(fd) ? POLLIN : 0) |
                       (write.Has(fd) ? POLLOUT : 0) |
                       (except.Has(fd) ? PriorityBit() : 0);
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

int PollBySelect(pollfd* entries, nfds_t count, const timespec* timeout) {
  const timespec delay = absl::ToTimespec(kErrorQueueDelay);
  const bool longer = timeout == nullptr || timeout->tv_sec > delay.tv_sec ||
                      timeout->tv_nsec > delay.tv_nsec;
  if (longer && MissesErrors(entries, count)) timeout = &delay;
  const int found = PollOpenBySelect(entries, count, timeout);
  if (found == -1 && errno == EBADF) return PollBesideClosed(entries, count);
  return found;
}

}  // namespace internal
}  // namespace isopoll
