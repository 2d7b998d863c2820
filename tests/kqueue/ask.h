// What the tests of systems' own polls share.

#ifndef ISOPOLL_TESTS_KQUEUE_ASK_H_
#define ISOPOLL_TESTS_KQUEUE_ASK_H_

#include <poll.h>
#include <sys/resource.h>

#include <cerrno>
#include <ctime>
#include <vector>

#include "gtest/gtest.h"
#include "poller/system/poll_call.h"

namespace isopoll::internal {

// What `call` answers at once, entry by entry, and that it counts them right.
inline std::vector<short> Ask(PollFunction* call, std::vector<pollfd> entries) {
  constexpr timespec kAtOnce = {0, 0};
  const int count =
      call(entries.data(), static_cast<nfds_t>(entries.size()), &kAtOnce);
  std::vector<short> answers;
  int answered = 0;
  for (const pollfd& entry : entries) {
    answers.push_back(entry.revents);
    if (entry.revents != 0) ++answered;
  }
  EXPECT_EQ(count, answered);
  return answers;
}

// The errno of a `call` that shows the kernel more than it takes; 0 if the call
// did not fail.
inline int ErrorOfTooMany(PollFunction* call, pollfd entry) {
  constexpr timespec kAtOnce = {0, 0};
  rlimit saved;
  EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &saved), 0);
  const rlimit none = {0, saved.rlim_max};
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const int error = call(&entry, 1, &kAtOnce) == -1 ? errno : 0;
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &saved), 0);
  return error;
}

}  // namespace isopoll::internal

#endif  // ISOPOLL_TESTS_KQUEUE_ASK_H_
