// The epoll backend on a kernel that follows a script.

#ifndef ISOPOLL_TESTS_POLLER_SCRIPTED_EPOLL_H_
#define ISOPOLL_TESTS_POLLER_SCRIPTED_EPOLL_H_

#include <sys/epoll.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "isopoll/poller.h"

namespace isopoll {

enum class Call {
  kCreate,
  kAdd,
  kModify,
  kDelete,
  kWait,
  kPwait2,
  kEventfd,
  kDup3
};

// What the kernel says in place of what it would, and what it was asked.
struct Script {
  // The errno of the next calls; 0 lets one through.
  std::map<Call, std::deque<int>> errors;
  // What the next epoll_wait finds.
  std::deque<std::vector<epoll_event>> found;

  // What another thread does while the kernel looks.
  std::function<void()> meanwhile;
  // What is done before the kernel makes a set.
  std::function<void()> on_create;

  std::map<Call, int> made;
  int milliseconds = 0;  // of the last epoll_wait
  int room = 0;          // of the last epoll_wait or epoll_pwait2
  int wakeup = -1;       // the wake-up's descriptor
};

// The one of the test that runs.
extern Script* script;

absl::StatusOr<std::unique_ptr<Poller>> NewScriptedPoller(
    const PollerOptions& options);

// What the kernel says when the wake-up was signalled.
epoll_event WakeupEvent();

// What it says of `fd`, the registration being the `generation`th.
epoll_event EventOf(int fd, uint32_t generation, uint32_t mask);

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_POLLER_SCRIPTED_EPOLL_H_
