// macOS's filter for out-of-band data remembers a mark that has passed. The
// suites cannot show that: between two Waits a kernel looks, and a stand-in
// does not. Here the test makes it look.

#include <sys/event.h>
#include <sys/socket.h>

#include <ctime>
#include <memory>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/kqueue/kqueue_system.h"
#include "tests/kqueue/standin_systems.h"
#include "tests/support/reference.h"

namespace isopoll::tests {
namespace {

constexpr Token kToken = 7;

// The queue that was made last, for the test to look into.
int last_queue = -1;

internal::KqueueSystem MacosThatTells() {
  internal::KqueueSystem system = StandinSystems()[0].system;
  system.kqueue = [] {
    return last_queue = StandinSystems()[0].system.kqueue();
  };
  return system;
}

Interest LookAt(Poller& poller) {
  Event events[2];
  const auto result =
      poller.Wait(absl::MakeSpan(events), absl::ZeroDuration()).value();
  return result.count == 0 ? kNone : events[0].ready();
}

TEST(OldPriorityFilterTest, IsNotBelieved) {
  const internal::KqueueSystem system = MacosThatTells();
  ASSERT_TRUE(system.except.exists());
  const std::unique_ptr<Poller> poller =
      internal::MakeKqueuePoller(system, {}).value();
  const SocketPairFds pair = TcpPair().value();
  const int fd = pair.first.get();
  const auto await = [fd](Interest ready) {
    ASSERT_TRUE(AwaitReady(fd, ready, absl::Seconds(10)).ok());
  };
  ASSERT_TRUE(poller->Add(fd, kReadable | kPriority, kToken).ok());
  EXPECT_EQ(LookAt(*poller), kNone);

  ASSERT_EQ(::send(pair.second.get(), "!", 1, MSG_OOB), 1);
  await(kWritable | kPriority);
  struct kevent event;
  const timespec at_once = {0, 0};
  ASSERT_EQ(system.kevent(last_queue, nullptr, 0, &event, 1, &at_once), 1);
  ASSERT_EQ(event.filter, EVFILT_EXCEPT);

  // The mark passes, and something else makes the filter fire.
  char byte;
  ASSERT_EQ(::recv(fd, &byte, 1, MSG_OOB), 1);
  ASSERT_EQ(::send(pair.second.get(), "abc", 3, 0), 3);
  await(kReadable | kWritable);
  EXPECT_EQ(LookAt(*poller), kReadable);
  EXPECT_EQ(LookAt(*poller), kReadable);
}

// The filter is looked at without sleep first, and poll is asked beside it.
TEST(OldPriorityFilterTest, IsSleptOnBesideWhatIsPolled) {
  const internal::KqueueSystem system = MacosThatTells();
  const std::unique_ptr<Poller> poller =
      internal::MakeKqueuePoller(system, {}).value();
  const SocketPairFds pair = TcpPair().value();
  ASSERT_TRUE(poller->Add(pair.first.get(), kPriority, kToken).ok());
  PipeFds pipe = Pipe().value();
  // What nobody writes to is for poll alone.
  ASSERT_TRUE(poller->Add(pipe.read_end.get(), kWritable, kToken + 1).ok());
  Event event;
  const auto wait = [&](absl::Duration timeout) {
    return poller->Wait(absl::MakeSpan(&event, 1), timeout).value();
  };
  EXPECT_EQ(wait(absl::Milliseconds(1)).count, 0u);
  ASSERT_EQ(::send(pair.second.get(), "!", 1, MSG_OOB), 1);
  ASSERT_EQ(wait(absl::Seconds(10)).count, 1u);
  EXPECT_EQ(event.token(), kToken);
  EXPECT_EQ(event.ready(), kPriority);
}

}  // namespace
}  // namespace isopoll::tests
