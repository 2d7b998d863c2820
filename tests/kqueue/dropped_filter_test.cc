// A filter that the kernel drops when it has fired for the end, as macOS does
// with a terminal's that was revoked: what is level-triggered goes on.

#include <poll.h>
#include <sys/event.h>
#include <sys/socket.h>

#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/kqueue/kqueue_system.h"
#include "tests/kqueue/standin_systems.h"

namespace isopoll::tests {
namespace {

constexpr Token kToken = 7;

// Whose filter for reading is dropped when it fires.
int dropped_fd = -1;
int times_dropped = 0;
// What another thread does between the kernel's answer and its being read.
std::function<void()> meanwhile;

bool IsDropped(const struct kevent& event) {
  return event.filter == EVFILT_READ &&
         event.ident == static_cast<uintptr_t>(dropped_fd);
}

// macOS's kevent, but for that.
int DroppingKevent(int kqueue, const struct kevent* changes, int change_count,
                   struct kevent* events, int event_count,
                   const timespec* timeout) {
  const auto& kevent = *StandinSystems()[0].system.kevent;
  const int count =
      kevent(kqueue, changes, change_count, events, event_count, timeout);
  if (change_count > 0) return count;
  for (int i = 0; i < count; ++i) {
    if (!IsDropped(events[i])) continue;
    ++times_dropped;
    struct kevent change = events[i];
    change.flags = EV_DELETE;
    EXPECT_EQ(kevent(kqueue, &change, 1, nullptr, 0, nullptr), 0);
    events[i].flags |= EV_EOF | EV_ONESHOT;
    if (meanwhile) std::exchange(meanwhile, nullptr)();
  }
  return count;
}

int polls = 0;

int CountingPoll(pollfd* entries, nfds_t count, const timespec* timeout) {
  ++polls;
  return StandinSystems()[0].system.watching_poll(entries, count, timeout);
}

// Of a descriptor that was removed before its event was read.
TEST(DroppedFilterTest, IsReplacedByNothingIfNobodyWatches) {
  internal::KqueueSystem system = StandinSystems()[0].system;
  system.kevent = &DroppingKevent;
  system.watching_poll = &CountingPoll;
  const std::unique_ptr<Poller> poller =
      internal::MakeKqueuePoller(system, {}).value();
  SocketPairFds pair = SocketPair(SOCK_STREAM).value();
  pair.second.reset();
  dropped_fd = pair.first.get();
  ASSERT_EQ(poller->Add(dropped_fd, kReadable, kToken), absl::OkStatus());
  meanwhile = [&] { EXPECT_EQ(poller->Remove(dropped_fd), absl::OkStatus()); };
  Event event;
  for (int i = 0; i < 2; ++i) {
    const auto result =
        poller->Wait(absl::MakeSpan(&event, 1), absl::Milliseconds(1)).value();
    EXPECT_EQ(result.count, 0u);
  }
  EXPECT_FALSE(meanwhile);
  EXPECT_EQ(polls, 0);
}

TEST(DroppedFilterTest, IsReplacedByPoll) {
  times_dropped = 0;
  internal::KqueueSystem system = StandinSystems()[0].system;
  system.kevent = &DroppingKevent;
  const std::unique_ptr<Poller> poller =
      internal::MakeKqueuePoller(system, {}).value();
  SocketPairFds pair = SocketPair(SOCK_STREAM).value();
  pair.second.reset();
  dropped_fd = pair.first.get();
  ASSERT_EQ(poller->Add(dropped_fd, kReadable | kWritable, kToken),
            absl::OkStatus());
  for (int i = 0; i < 3; ++i) {
    Event event;
    const auto result =
        poller->Wait(absl::MakeSpan(&event, 1), absl::ZeroDuration()).value();
    ASSERT_EQ(result.count, 1u);
    EXPECT_EQ(event.ready(), kReadable | kWritable);
  }
  EXPECT_EQ(times_dropped, 1);
  EXPECT_EQ(poller->Modify(dropped_fd, kWritable, kToken), absl::OkStatus());
  EXPECT_EQ(poller->Remove(dropped_fd), absl::OkStatus());
}

}  // namespace
}  // namespace isopoll::tests
