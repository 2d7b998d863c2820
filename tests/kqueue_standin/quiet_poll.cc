#include "tests/kqueue_standin/quiet_poll.h"

#include <poll.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/kqueue_standin/standin.h"

namespace isopoll::kqueue_standin {
namespace {

constexpr absl::Duration kFirstSlice = absl::Milliseconds(1);
constexpr absl::Duration kLastSlice = absl::Milliseconds(50);

// What select(2) makes of an answer of Linux's poll(2): see the kernel's
// fs/select.c, POLLIN_SET and its like.
short Asked(const pollfd& entry) {
  if ((entry.revents & POLLNVAL) != 0) return entry.revents;
  const bool readable = (entry.revents & (POLLIN | POLLHUP | POLLERR)) != 0;
  const bool writable = (entry.revents & (POLLOUT | POLLERR)) != 0;
  const int said = (readable ? POLLIN : 0) | (writable ? POLLOUT : 0) |
                   (entry.revents & ~(POLLIN | POLLOUT | POLLHUP | POLLERR));
  return static_cast<short>(entry.events & said);
}

int PollWithin(pollfd* fds, nfds_t count, absl::Duration time) {
  const bool infinite = time == absl::InfiniteDuration();
  const timespec timeout = infinite ? timespec() : absl::ToTimespec(time);
  return Poll(fds, count, infinite ? nullptr : &timeout);
}

// Polls `fds` without those that have nothing but what was not asked for.
int PollOthers(const pollfd* fds, nfds_t count, absl::Duration time) {
  std::vector<pollfd> others(fds, fds + count);
  for (pollfd& entry : others) {
    if (entry.revents != 0) entry.fd = -1;
  }
  return PollWithin(others.data(), count, time);
}

}  // namespace

int QuietPoll(pollfd* fds, nfds_t count, const timespec* timeout) {
  const absl::Time deadline =
      absl::Now() + (timeout == nullptr ? absl::InfiniteDuration()
                                        : absl::DurationFromTimespec(*timeout));
  absl::Duration slice = kFirstSlice;
  while (true) {
    absl::Duration left =
        std::max(deadline - absl::Now(), absl::ZeroDuration());
    const int any = PollWithin(fds, count, left);
    if (any <= 0) return any;
    const auto asked = std::count_if(fds, fds + count, [](const pollfd& entry) {
      return Asked(entry) != 0;
    });
    if (asked > 0) {
      for (pollfd* fd = fds; fd != fds + count; ++fd) fd->revents = Asked(*fd);
      return static_cast<int>(asked);
    }
    left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) {
      for (pollfd* fd = fds; fd != fds + count; ++fd) fd->revents = 0;
      return 0;
    }
    if (PollOthers(fds, count, std::min(left, slice)) == -1) return -1;
    slice = std::min(2 * slice, kLastSlice);
  }
}

}  // namespace isopoll::kqueue_standin
