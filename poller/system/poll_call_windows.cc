// WSAPoll, which
//   - tells of what ended a sleep only that: another look says all;
//   - neither counts those that are closed, nor ends a sleep for them; and has
//     an error for it if there are no others;
//   - in Wine, has one question for each socket: that of the last entry, if
//     there are several numbers of it. So a look asks all of each.

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <vector>

#include "net/internal/winsock.h"
#include "poller/system/platform.h"
#include "poller/system/poll_call.h"

namespace isopoll {
namespace internal {
namespace {

// The number of those with an answer, or -1 and errno.
int Poll(std::vector<WSAPOLLFD>* entries, int milliseconds) {
  const int count = ::WSAPoll(
      entries->data(), static_cast<ULONG>(entries->size()), milliseconds);
  if (count == SOCKET_ERROR && ::WSAGetLastError() != WSAENOTSOCK) {
    return FailWithLastError();
  }
  return static_cast<int>(
      std::count_if(entries->begin(), entries->end(),
                    [](const WSAPOLLFD& entry) { return entry.revents != 0; }));
}

// The bits of a question.
constexpr short kAll = POLLRDNORM | POLLWRNORM | POLLRDBAND;

// What is ready now of what was asked, or came unasked. The same.
int Look(const PollEntry* asked, std::vector<WSAPOLLFD>* entries) {
  for (WSAPOLLFD& entry : *entries) entry.events = kAll;
  int found = Poll(entries, 0);
  for (WSAPOLLFD& entry : *entries) {
    const short unasked = static_cast<short>(kAll & ~asked++->events);
    if (entry.revents == 0) continue;
    entry.revents = static_cast<short>(entry.revents & ~unasked);
    if (entry.revents == 0) --found;
  }
  return found;
}

}  // namespace

int PollFor(PollEntry* entries, PollCount count, const timespec* timeout) {
  std::vector<WSAPOLLFD> asked;
  asked.reserve(count);
  for (PollCount i = 0; i < count; ++i) {
    asked.push_back({ToSocket(entries[i].fd), entries[i].events, 0});
  }
  const int milliseconds = ToPollTimeout(timeout);
  int found = milliseconds == 0 ? 1 : Poll(&asked, milliseconds);
  if (found > 0) found = Look(entries, &asked);
  if (found == -1) return -1;
  for (PollCount i = 0; i < count; ++i) entries[i].revents = asked[i].revents;
  return found;
}

short PollMarks(int /*fd*/) { return 0; }

}  // namespace internal
}  // namespace isopoll
