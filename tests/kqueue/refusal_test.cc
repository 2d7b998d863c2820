// A filter that the kernel refuses: of a file that it does not work on, poll(2)
// is asked instead; anything else is an error of Add.

#include <sys/event.h>
#include <sys/types.h>

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/core/errors.h"
#include "poller/kqueue/kqueue_system.h"
#include "tests/kqueue/standin_systems.h"

namespace isopoll::tests {
namespace {

constexpr Token kToken = 7;

// Whose filters are refused, and with what.
int refused_fd = -1;
int refused_with = 0;
// What happens before the answer.
std::function<void()> when_refused;

// With what to wait fails, if not 0.
int wait_fails_with = 0;

bool IsRefused(const struct kevent& change) {
  return change.ident == static_cast<uintptr_t>(refused_fd) &&
         (change.flags & EV_ADD) != 0;
}

// FreeBSD's kevent, but for that. The backend asks for receipts of its changes,
// which it makes apart from waiting.
int RefusingKevent(int kqueue, const struct kevent* changes, int change_count,
                   struct kevent* events, int event_count,
                   const timespec* timeout) {
  if (change_count == 0 && wait_fails_with != 0) {
    errno = wait_fails_with;
    return -1;
  }
  if (change_count == 0 || !IsRefused(changes[0])) {
    return StandinSystems()[1].system.kevent(kqueue, changes, change_count,
                                             events, event_count, timeout);
  }
  if (when_refused) std::exchange(when_refused, nullptr)();
  for (int i = 0; i < change_count; ++i) {
    events[i] = changes[i];
    events[i].flags = EV_ERROR;
    events[i].data = refused_with;
  }
  return change_count;
}

class RefusalTest : public testing::TestWithParam<int> {
 protected:
  RefusalTest() {
    system_.kevent = &RefusingKevent;
    poller_ = internal::MakeKqueuePoller(system_, {}).value();
    refused_fd = pair_.first.get();
    refused_with = GetParam();
  }

  const SocketPairFds pair_ = TcpPair().value();
  internal::KqueueSystem system_ = StandinSystems()[1].system;
  std::unique_ptr<Poller> poller_;
};

using FileWithoutFilters = RefusalTest;

TEST_P(FileWithoutFilters, IsPolled) {
  ASSERT_EQ(poller_->Add(refused_fd, kReadable | kWritable, kToken),
            absl::OkStatus());
  Event event;
  const auto result =
      poller_->Wait(absl::MakeSpan(&event, 1), absl::ZeroDuration()).value();
  ASSERT_EQ(result.count, 1u);
  EXPECT_EQ(event.token(), kToken);
  EXPECT_EQ(event.ready(), kWritable);
  EXPECT_EQ(poller_->Remove(refused_fd), absl::OkStatus());
}

// ENXIO: FreeBSD, of a terminal that is gone (tty.c, ttydev_enter). The others
// as in kqueue(2) of one system or another; EBADF of an fd that is open is
// NetBSD's for a pipe without a reader.
INSTANTIATE_TEST_SUITE_P(, FileWithoutFilters,
                         testing::Values(EBADF, EINVAL, ENODEV, ENXIO,
                                         EOPNOTSUPP, EPERM, EPIPE));

// The number was closed while the kernel was asked.
TEST(ClosedMeanwhile, IsNotOpen) {
  internal::KqueueSystem system = StandinSystems()[1].system;
  system.kevent = &RefusingKevent;
  const std::unique_ptr<Poller> poller =
      internal::MakeKqueuePoller(system, {}).value();
  SocketPairFds pair = TcpPair().value();
  const int fd = pair.first.get();
  refused_with = EBADF;
  when_refused = [&pair] { pair.first.reset(); };
  refused_fd = fd;
  const absl::Status added = poller->Add(fd, kReadable, kToken);
  EXPECT_EQ(added, internal::NotOpen(fd));
  EXPECT_EQ(poller->size(), 0u);
}

using KernelWithoutRoom = RefusalTest;

TEST_P(KernelWithoutRoom, IsAnErrorThatLeavesNoTrace) {
  const absl::Status added = poller_->Add(refused_fd, kReadable, kToken);
  EXPECT_EQ(added.code(), absl::StatusCode::kResourceExhausted) << added;
  EXPECT_EQ(poller_->size(), 0u);
  refused_fd = -1;
  EXPECT_EQ(poller_->Add(pair_.first.get(), kReadable, kToken),
            absl::OkStatus());
}

INSTANTIATE_TEST_SUITE_P(, KernelWithoutRoom, testing::Values(ENOMEM));

TEST(KernelThatDoesNotWait, IsToldByWait) {
  internal::KqueueSystem system = StandinSystems()[1].system;
  system.kevent = &RefusingKevent;
  const std::unique_ptr<Poller> poller =
      internal::MakeKqueuePoller(system, {}).value();
  Event event;
  const auto wait = [&] {
    return poller->Wait(absl::MakeSpan(&event, 1), absl::ZeroDuration())
        .status();
  };
  wait_fails_with = EBADF;
  EXPECT_EQ(wait().code(), absl::StatusCode::kInternal) << wait();
  wait_fails_with = ENOMEM;
  EXPECT_EQ(wait().code(), absl::StatusCode::kResourceExhausted) << wait();
  wait_fails_with = EINTR;
  EXPECT_EQ(wait(), absl::OkStatus());
  wait_fails_with = 0;
}

}  // namespace
}  // namespace isopoll::tests
