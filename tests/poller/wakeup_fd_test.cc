// What both kinds of wake-up do when their calls fail.

#include "poller/system/wakeup_fd.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <deque>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"

namespace {

// The errno of the next calls by descriptors of a wake-up's.
std::deque<int> errors;
const isopoll::internal::WakeupFd* target = nullptr;

bool Fails(int fd) {
  if (errors.empty() || target == nullptr || !target->Owns(fd)) return false;
  errno = errors.front();
  errors.pop_front();
  return true;
}

}  // namespace

// In place of the C library's.
extern "C" ssize_t read(int fd, void* buffer, size_t size) {
  return Fails(fd) ? -1 : ::syscall(SYS_read, fd, buffer, size);
}
extern "C" ssize_t write(int fd, const void* buffer, size_t size) {
  return Fails(fd) ? -1 : ::syscall(SYS_write, fd, buffer, size);
}

namespace isopoll::internal {
namespace {

class FailingWakeupTest : public testing::Test {
 protected:
  FailingWakeupTest() { target = &wakeup_; }
  ~FailingWakeupTest() override {
    target = nullptr;
    errors.clear();
  }

  bool IsReadable() const {
    pollfd entry = {wakeup_.fd(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
  }

  const WakeupFd wakeup_ = WakeupFd::Create().value();
};

TEST_F(FailingWakeupTest, SignalsDoNotInterruptIt) {
  EXPECT_FALSE(IsReadable());
  errors = {EINTR, EINTR};
  EXPECT_TRUE(wakeup_.Signal());
  EXPECT_TRUE(errors.empty());
  EXPECT_TRUE(IsReadable());
  errors = {EINTR, EINTR};
  EXPECT_TRUE(wakeup_.Drain());
  EXPECT_TRUE(errors.empty());
  EXPECT_FALSE(IsReadable());
}

TEST_F(FailingWakeupTest, NothingToDoIsNoError) {
  errors = {EAGAIN};
  errno = ENOTTY;
  EXPECT_TRUE(wakeup_.Signal());
  EXPECT_EQ(errno, ENOTTY);
  EXPECT_TRUE(wakeup_.Drain());
}

TEST_F(FailingWakeupTest, SaysThatTheNumberIsNoLongerItsOwn) {
  for (const int error : {EBADF, EINVAL}) {
    errors = {error};
    errno = ENOTTY;
    EXPECT_FALSE(wakeup_.Signal());
    EXPECT_EQ(errno, ENOTTY);
    errors = {error};
    EXPECT_FALSE(wakeup_.Drain());
  }
}

// What is read at once, without an error, need not be what was written.
TEST_F(FailingWakeupTest, SaysThatTheNumberIsAnotherFiles) {
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  ASSERT_EQ(::dup2(null.get(), wakeup_.fd()), wakeup_.fd());
  EXPECT_FALSE(wakeup_.Drain());
}

TEST(WakeupTest, IsNotMadeWithoutADescriptor) {
  rlimit saved;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &saved), 0);
  const rlimit none = {0, saved.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const absl::Status status = WakeupFd::Create().status();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &saved), 0);
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
}

TEST_F(FailingWakeupTest, OwnsItsNumbersAndNoOthers) {
  EXPECT_TRUE(wakeup_.Owns(wakeup_.fd()));
  EXPECT_FALSE(wakeup_.Owns(-1));
  const UniqueFd other(::dup(wakeup_.fd()));
  EXPECT_FALSE(wakeup_.Owns(other.get()));
  EXPECT_EQ(::fcntl(wakeup_.fd(), F_GETFD), FD_CLOEXEC);
  EXPECT_NE(::fcntl(wakeup_.fd(), F_GETFL) & O_NONBLOCK, 0);
}

}  // namespace
}  // namespace isopoll::internal
