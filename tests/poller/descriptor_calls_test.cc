// What fcntl(2) is asked of a descriptor, and how its answer is read.

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"
#include "poller/system/unix_descriptor_calls.h"

namespace isopoll::internal {
namespace {

int flags = 0;  // what the next call says
int error = 0;  // or why it fails

int Answer(int /*fd*/, int command, int /*argument*/) {
  EXPECT_TRUE(command == F_GETFD || command == F_GETFL);
  errno = error;
  return error == 0 ? flags : -1;
}

class DescriptorCallsTest : public testing::Test {
 protected:
  DescriptorCallsTest() {
    calls_.fcntl = &Answer;
    calls_.path_only = 4;
    flags = error = 0;
  }
  absl::StatusCode CheckOpen() const { return calls_.CheckOpen(3).code(); }

  UnixDescriptorCalls calls_;
};

TEST_F(DescriptorCallsTest, OnlyEbadfSaysThatItIsClosed) {
  EXPECT_TRUE(calls_.IsOpen(3));
  error = EPERM;
  EXPECT_TRUE(calls_.IsOpen(3));
  EXPECT_EQ(CheckOpen(), absl::StatusCode::kPermissionDenied);
  error = EBADF;
  EXPECT_FALSE(calls_.IsOpen(3));
  EXPECT_EQ(CheckOpen(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(DescriptorCallsTest, APathCannotBeWatched) {
  EXPECT_EQ(CheckOpen(), absl::StatusCode::kOk);
  flags = 3;
  EXPECT_EQ(CheckOpen(), absl::StatusCode::kOk);
  flags = 6;
  EXPECT_EQ(CheckOpen(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(DescriptorCallsTest, AFileIsItsDeviceAndInode) {
  calls_.fstat = [](int fd, struct stat* status) {
    errno = error;
    status->st_dev = static_cast<dev_t>(fd);
    status->st_ino = 5;
    return error == 0 ? 0 : -1;
  };
  FileId file = {};
  EXPECT_EQ(calls_.Identify(3, &file), 0);
  EXPECT_EQ(file.device, 3u);
  EXPECT_EQ(file.inode, 5u);
  error = EIO;
  EXPECT_EQ(calls_.Identify(3, &file), EIO);
}

TEST(HostDescriptorCallsTest, AreThoseOfTheSystem) {
  const UnixDescriptorCalls& calls = HostUnixDescriptorCalls();
  const UniqueFd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_TRUE(calls.IsOpen(file.get()));
  EXPECT_TRUE(calls.CheckOpen(file.get()).ok());
  struct stat status;
  EXPECT_EQ(calls.fstat(file.get(), &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));
  EXPECT_EQ(calls.fcntl(file.get(), F_GETFD, 0), FD_CLOEXEC);
  pollfd entry = {file.get(), POLLIN, 0};
  const timespec no_time = {};
  EXPECT_EQ(calls.poll(&entry, 1, &no_time), 1);
  EXPECT_EQ(calls.poll_dialect, &kPollDialect);
  EXPECT_FALSE(calls.IsOpen(-1));
}

TEST(PollForTest, SleepsForTheTime) {
  const auto poll = [](const timespec* timeout) {
    int fds[2];
    EXPECT_EQ(::pipe2(fds, O_CLOEXEC), 0);
    const UniqueFd reader(fds[0]);
    const UniqueFd writer(fds[1]);
    pollfd entry = {reader.get(), POLLIN, 0};
    if (timeout == nullptr) {
      EXPECT_EQ(::write(writer.get(), "x", 1), 1);
    }
    return PollFor(&entry, 1, timeout);
  };
  for (const long nanoseconds : {0L, 1L, 20000000L}) {
    const timespec timeout = {0, nanoseconds};
    timespec start, end;
    ::clock_gettime(CLOCK_MONOTONIC, &start);
    EXPECT_EQ(poll(&timeout), 0);
    ::clock_gettime(CLOCK_MONOTONIC, &end);
    EXPECT_GE(
        (end.tv_sec - start.tv_sec) * 1000000000L + end.tv_nsec - start.tv_nsec,
        nanoseconds);
  }
  EXPECT_EQ(poll(nullptr), 1);
}

TEST(PollForTest, IsTheKernelsOwn) {
  EXPECT_EQ(PollMarks(3), 0);
  constexpr timespec kAlmost = {2, 1};
  constexpr timespec kWhole = {0, 3000000};
  EXPECT_EQ(ToPollTimeout(nullptr), -1);
  EXPECT_EQ(ToPollTimeout(&kAlmost), 2001);
  EXPECT_EQ(ToPollTimeout(&kWhole), 3);
}

}  // namespace
}  // namespace isopoll::internal
