#include "tests/poller/scripted_epoll.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "isopoll/backend.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "poller/core/poller_on.h"
#include "poller/epoll/epoll_calls.h"
#include "poller/epoll/epoll_queue.h"
#include "poller/epoll/epoll_set.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {

Script* script = nullptr;

namespace {

using internal::EpollCalls;
using internal::EpollQueue;
using internal::EpollSet;
using internal::PollerOn;
using internal::WakeupFd;

template <typename Function>
int Follow(Call call, Function function) {
  ++script->made[call];
  std::deque<int>& errors = script->errors[call];
  if (errors.empty()) return function();
  const int error = errors.front();
  errors.pop_front();
  if (error == 0) return function();
  errno = error;
  return -1;
}

Call CallOf(int operation) {
  if (operation == EPOLL_CTL_ADD) return Call::kAdd;
  return operation == EPOLL_CTL_MOD ? Call::kModify : Call::kDelete;
}

// What an epoll_wait or epoll_pwait2 does, whose own is `function`.
template <typename Function>
int Find(Call call, epoll_event* events, int room, Function function) {
  script->room = room;
  if (script->meanwhile) std::exchange(script->meanwhile, nullptr)();
  return Follow(call, [=] {
    if (script->found.empty()) return function();
    const std::vector<epoll_event> found = std::move(script->found.front());
    script->found.pop_front();
    std::copy(found.begin(), found.end(), events);
    return static_cast<int>(found.size());
  });
}

struct ScriptedCalls : EpollCalls {
  static int Create() {
    return Follow(Call::kCreate, [] {
      if (script->on_create) std::exchange(script->on_create, nullptr)();
      return EpollCalls::Create();
    });
  }
  static int Control(int epoll, int operation, int fd, epoll_event* event) {
    return Follow(CallOf(operation), [=] {
      return EpollCalls::Control(epoll, operation, fd, event);
    });
  }
  static int Wait(int epoll, epoll_event* events, int room, int milliseconds) {
    script->milliseconds = milliseconds;
    return Find(Call::kWait, events, room, [=] {
      return EpollCalls::Wait(epoll, events, room, milliseconds);
    });
  }
  static int Pwait2(int epoll, epoll_event* events, int room,
                    const timespec& timeout) {
    return Find(Call::kPwait2, events, room, [=, &timeout] {
      return EpollCalls::Pwait2(epoll, events, room, timeout);
    });
  }
  static int Eventfd() {
    return Follow(Call::kEventfd, [] { return EpollCalls::Eventfd(); });
  }
  static int Dup3(int from, int to) {
    return Follow(Call::kDup3, [=] { return EpollCalls::Dup3(from, to); });
  }
};

}  // namespace

absl::StatusOr<std::unique_ptr<Poller>> NewScriptedPoller(
    const PollerOptions& options) {
  absl::StatusOr<WakeupFd> wakeup = WakeupFd::Create();
  if (!wakeup.ok()) return wakeup.status();
  script->wakeup = wakeup->fd();
  absl::StatusOr<UniqueFd> epoll = EpollQueue<ScriptedCalls>::MakeSet(*wakeup);
  if (!epoll.ok()) return epoll.status();
  return std::make_unique<PollerOn<EpollSet<ScriptedCalls>>>(
      Backend::kEpoll, options, *std::move(wakeup), *std::move(epoll));
}

epoll_event WakeupEvent() {
  return EpollQueue<ScriptedCalls>::EventFor(internal::kWakeupLabel, EPOLLIN);
}

epoll_event EventOf(int fd, uint32_t generation, uint32_t mask) {
  return EpollQueue<ScriptedCalls>::EventFor({fd, generation}, mask);
}

}  // namespace isopoll
