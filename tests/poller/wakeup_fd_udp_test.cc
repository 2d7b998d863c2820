// The wake-up of Windows: a UDP socket that is connected to itself.

#include <cerrno>

#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "net/internal/sys.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll::internal {
namespace {

class WakeupFdTest : public testing::Test {
 protected:
  bool IsReadable(int milliseconds = 0) const {
    return sys::PollOne(wakeup_.fd(), POLLRDNORM, milliseconds) == 1;
  }
  // The network takes a moment.
  bool GetsReadable() const { return IsReadable(/*milliseconds=*/10000); }

  const WakeupFd wakeup_ = WakeupFd::Create().value();
};

TEST_F(WakeupFdTest, IsReadableUntilDrained) {
  EXPECT_FALSE(IsReadable());
  EXPECT_TRUE(wakeup_.Drain());
  for (int times = 1; times <= 3; ++times) {
    for (int i = 0; i < times; ++i) EXPECT_TRUE(wakeup_.Signal());
    EXPECT_TRUE(GetsReadable());
    EXPECT_TRUE(wakeup_.Drain());
    EXPECT_FALSE(IsReadable());
  }
}

TEST_F(WakeupFdTest, SignalLeavesErrnoAlone) {
  errno = E2BIG;
  EXPECT_TRUE(wakeup_.Signal());
  EXPECT_EQ(errno, E2BIG);
}

// It can be signalled any number of times: what does not fit is not needed.
TEST_F(WakeupFdTest, IsNeverFull) {
  for (int i = 0; i < 20000; ++i) ASSERT_TRUE(wakeup_.Signal());
  EXPECT_TRUE(GetsReadable());
  EXPECT_TRUE(wakeup_.Drain());
  EXPECT_FALSE(IsReadable());
}

TEST_F(WakeupFdTest, NobodyElseCanSignal) {
  sockaddr_storage address;
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(sys::GetSockName(wakeup_.fd(), generic, &length), 0);
  const UniqueFd other(OpenSocket(address.ss_family, SOCK_DGRAM));
  ASSERT_TRUE(other);
  EXPECT_EQ(sys::SendTo(other.get(), "x", 1, generic, length), 1);
  // What is sent after it would arrive after it.
  EXPECT_TRUE(wakeup_.Signal());
  EXPECT_TRUE(GetsReadable());
  char byte;
  EXPECT_EQ(sys::Recv(wakeup_.fd(), &byte, 1), 1);
  EXPECT_EQ(sys::Recv(wakeup_.fd(), &byte, 1), -1);
  EXPECT_EQ(errno, EAGAIN);
}

TEST_F(WakeupFdTest, OwnsItsNumberAndNoOther) {
  EXPECT_TRUE(wakeup_.Owns(wakeup_.fd()));
  EXPECT_FALSE(wakeup_.Owns(-1));
  EXPECT_FALSE(wakeup_.Owns(wakeup_.fd() + 4));
}

TEST(ClosedWakeupFdTest, SaysThatTheNumberIsNoLongerItsOwn) {
  const WakeupFd wakeup = WakeupFd::Create().value();
  // The number is free when the test ends: it closes it no second time.
  ASSERT_EQ(sys::Close(wakeup.fd()), 0);
  errno = E2BIG;
  EXPECT_FALSE(wakeup.Signal());
  EXPECT_EQ(errno, E2BIG);
  EXPECT_FALSE(wakeup.Drain());
}

}  // namespace
}  // namespace isopoll::internal
