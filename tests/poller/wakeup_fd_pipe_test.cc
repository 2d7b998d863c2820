// The wake-up of systems without eventfd(2), which Linux can run too.

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "poller/system/wakeup_fd.h"

namespace {

// Whether pipe(2) gives numbers that no file has.
bool pipes_have_no_files = false;

}  // namespace

// In place of the C library's.
extern "C" int pipe(int fds[2]) {
  if (!pipes_have_no_files) return ::pipe2(fds, 0);
  fds[0] = fds[1] = -1;
  return 0;
}

namespace isopoll::internal {
namespace {

bool IsReadable(const WakeupFd& wakeup) {
  pollfd entry = {wakeup.fd(), POLLIN, 0};
  EXPECT_NE(::poll(&entry, 1, 0), -1);
  return entry.revents == POLLIN;
}

TEST(WakeupFdTest, IsReadableFromSignalToDrain) {
  const WakeupFd wakeup = WakeupFd::Create().value();
  EXPECT_FALSE(IsReadable(wakeup));
  wakeup.Signal();
  wakeup.Signal();
  EXPECT_TRUE(IsReadable(wakeup));
  wakeup.Drain();
  EXPECT_FALSE(IsReadable(wakeup));
  wakeup.Drain();  // does not block
  wakeup.Signal();
  EXPECT_TRUE(IsReadable(wakeup));
}

// More often than the pipe has room for; and, as from a signal handler, without
// a trace in errno.
TEST(WakeupFdTest, CanBeSignalledForEver) {
  const WakeupFd wakeup = WakeupFd::Create().value();
  const int room = ::fcntl(wakeup.fd(), F_GETPIPE_SZ);
  ASSERT_GT(room, 0);
  errno = ENOTTY;
  for (int i = 0; i <= room; ++i) wakeup.Signal();
  EXPECT_EQ(errno, ENOTTY);
  EXPECT_TRUE(IsReadable(wakeup));
  wakeup.Drain();
  EXPECT_FALSE(IsReadable(wakeup));
}

TEST(WakeupFdTest, IsNotMadeWithoutItsFlags) {
  pipes_have_no_files = true;
  const absl::Status status = WakeupFd::Create().status();
  pipes_have_no_files = false;
  EXPECT_THAT(status.message(), testing::HasSubstr("fcntl"));
}

// R15.
TEST(WakeupFdTest, IsClosedOnExec) {
  const WakeupFd wakeup = WakeupFd::Create().value();
  int owned = 0;
  const int end = ::dup(wakeup.fd());
  for (int fd = 0; fd < end; ++fd) {
    if (!wakeup.Owns(fd)) continue;
    ++owned;
    EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
    EXPECT_NE(::fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
  }
  EXPECT_EQ(owned, 2);
  EXPECT_EQ(::close(end), 0);
}

}  // namespace
}  // namespace isopoll::internal
