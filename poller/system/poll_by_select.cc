#include "poller/system/poll_by_select.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <vector>

#include "absl/time/time.h"
#include "isopoll/interest.h"
#include "poller/core/deadline.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/platform.h"
#include "poller/system/poll_call.h"
#include "poller/system/select_call.h"

namespace isopoll {
namespace internal {
namespace {

// In place of a number that is closed.
constexpr int kClosed = -1;

// Whether there is an entry whose event select might sleep through.
bool MissesErrors(const PollEntry* entries, PollCount count) {
  return kPollDialect.select_misses_errors &&
         std::any_of(entries, entries + count, [](const PollEntry& entry) {
           return entry.fd >= 0 && (entry.events & (POLLIN | POLLOUT)) == 0;
         });
}

Interest Asked(const PollEntry& entry) {
  return kPollDialect.Readiness(static_cast<uint16_t>(entry.events));
}

// Without what is asked for a hint alone.
short Answer(Interest ready) {
  return static_cast<short>(
      kPollDialect.Ask(ready) &
      (kPollDialect.readable | kPollDialect.writable | kPollDialect.priority));
}

// As PollBySelect, but that select fails if any descriptor is closed.
int PollOpenBySelect(PollEntry* entries, PollCount count,
                     const timespec* timeout) {
  FdSets sets;
  for (PollCount i = 0; i < count; ++i) {
    if (entries[i].fd < 0) continue;
    sets.Cover(entries[i].fd);
    sets.Put(entries[i].fd, sets.Get(entries[i].fd) | Asked(entries[i]));
  }
  const int bits = SelectFor(&sets, timeout);
  if (bits == -1) return -1;
  if (bits != 0 && bits != sets.CountBits()) {
    errno = EBADF;
    return -1;
  }
  int found = 0;
  for (PollCount i = 0; i < count; ++i) {
    const int fd = entries[i].fd;
    entries[i].revents = 0;
    if (fd < 0 || bits == 0) continue;
    entries[i].revents = Answer(Asked(entries[i]) & sets.Get(fd));
    if (entries[i].revents != 0) ++found;
  }
  return found;
}

// Answers what is closed, and what is ready of the others. One that is closed
// must not hide those.
int PollBesideClosed(PollEntry* entries, PollCount count) {
  std::vector<PollEntry> open(entries, entries + count);
  int closed = 0;
  for (PollEntry& entry : open) {
    if (entry.fd < 0 || HostDescriptorCalls().IsOpen(entry.fd)) continue;
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
  for (PollCount i = 0; i < count; ++i) {
    const bool gone = entries[i].fd >= 0 && open[i].fd == kClosed;
    entries[i].revents = gone ? short{POLLNVAL} : open[i].revents;
  }
  return closed + found;
}

}  // namespace

int PollBySelect(PollEntry* entries, PollCount count, const timespec* timeout) {
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
