// WSAPoll, which
//   - tells of what ended a sleep only that: another look says all;
//   - neither counts those that are closed, nor ends a sleep for them; and has
//     an error for it if there are no others.

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

}  // namespace

int PollFor(PollEntry* entries, PollCount count, const timespec* timeout) {
  std::vector<WSAPOLLFD> asked;
  asked.reserve(count);
  for (PollCount i = 0; i < count; ++i) {
    asked.push_back({ToSocket(entries[i].fd), entries[i].events, 0});
  }
  const int milliseconds = ToPollTimeout(timeout);
  int found = Poll(&asked, milliseconds);
  if (found > 0 && milliseconds != 0) found = Poll(&asked, 0);
  if (found == -1) return -1;
  for (PollCount i = 0; i < count; ++i) entries[i].revents = asked[i].revents;
  return found;
}

short PollMarks(int /*fd*/) { return 0; }

}  // namespace internal
}  // namespace isopoll
