// How descriptors are made on macOS, which has no calls that set their flags,
// as far as it can run on Linux. Another option stands in for SO_NOSIGPIPE.
// This program has calls of its own that fail when they are told to.

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <functional>
#include <vector>

#include "gtest/gtest.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "tests/net/testing.h"
#include "tests/support/descriptor_limit.h"

namespace {

// How many calls that set a flag succeed before one fails; -1: all do.
int successes = -1;
int failure = 0;

bool Fails() {
  if (successes == -1) return false;
  if (successes-- > 0) return false;
  errno = failure;
  return true;
}

}  // namespace

extern "C" int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  const int argument = va_arg(arguments, int);
  va_end(arguments);
  const bool sets = command == F_SETFL || command == F_SETFD;
  if (sets && Fails()) return -1;
  return static_cast<int>(::syscall(SYS_fcntl, fd, command, argument));
}

extern "C" int setsockopt(
    int fd, int level, int name, const void* value,
    socklen_t size) noexcept(noexcept(::setsockopt(fd, level, name, value,
                                                   size))) {
  if (Fails()) return -1;
  return static_cast<int>(
      ::syscall(SYS_setsockopt, fd, level, name, value, size));
}

extern "C" int close(int fd) {
  ::syscall(SYS_close, fd);
  errno = EIO;
  return -1;
}

namespace isopoll::internal {
namespace {

bool IsOobInline(int fd) {
  int value = 0;
  socklen_t size = sizeof(value);
  EXPECT_EQ(::getsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &value, &size), 0);
  return value == 1;
}

int Two(int result, const int fds[2], std::vector<int>* made) {
  if (result == 0) made->assign({fds[0], fds[1]});
  return result;
}

int One(int fd, std::vector<int>* made) {
  if (fd != -1) made->push_back(fd);
  return fd == -1 ? -1 : 0;
}

// One of the functions: 0 and what it made, or -1.
struct Maker {
  std::function<int(std::vector<int>* made)> make;
  bool makes_sockets;
  int flags;  // how many calls set them
};

class DescriptorsTest : public testing::Test {
 protected:
  DescriptorsTest() {
    const SocketAddress any = Address("127.0.0.1:0");
    EXPECT_EQ(::bind(listener_.get(), any.data(), any.length()), 0);
    EXPECT_EQ(::listen(listener_.get(), 64), 0);
  }

  // Accepts a connection that is made first.
  int Accept(std::vector<int>* made) {
    sockaddr_storage name;
    socklen_t length = sizeof(name);
    auto* const address = reinterpret_cast<sockaddr*>(&name);
    EXPECT_EQ(::getsockname(listener_.get(), address, &length), 0);
    const UniqueFd client(::socket(AF_INET, SOCK_STREAM, 0));
    EXPECT_EQ(::connect(client.get(), address, length), 0);
    return One(AcceptSocket(listener_.get(), address, &length), made);
  }

  const UniqueFd listener_{::socket(AF_INET, SOCK_STREAM, 0)};
  const std::vector<Maker> makers_ = {
      {[](std::vector<int>* made) {
         return One(OpenSocket(AF_INET, SOCK_STREAM), made);
       },
       true, 3},
      {[](std::vector<int>* made) {
         int fds[2];
         return Two(OpenSocketPair(SOCK_STREAM, fds), fds, made);
       },
       true, 6},
      {[](std::vector<int>* made) {
         int fds[2];
         return Two(OpenPipe(fds), fds, made);
       },
       false, 4},
      {[this](std::vector<int>* made) { return Accept(made); }, true, 3},
  };
};

TEST_F(DescriptorsTest, HaveTheirFlags) {
  for (const Maker& maker : makers_) {
    std::vector<int> made;
    ASSERT_EQ(maker.make(&made), 0);
    for (const int fd : made) {
      EXPECT_TRUE(HasFlags(fd));
      if (maker.makes_sockets) {
        EXPECT_TRUE(IsOobInline(fd));
      }
      const UniqueFd closer(fd);
    }
  }
  EXPECT_EQ(kSendFlags, 0);
}

TEST_F(DescriptorsTest, AreClosedIfAFlagCannotBeSet) {
  failure = ENOBUFS;
  const int next = tests::LowestFreeFd();
  for (const Maker& maker : makers_) {
    for (int before = 0; before < maker.flags; ++before) {
      std::vector<int> made;
      successes = before;
      EXPECT_EQ(maker.make(&made), -1);
      EXPECT_EQ(errno, ENOBUFS);
      for (int fd = next; fd < next + 8; ++fd) EXPECT_FALSE(IsOpen(fd));
    }
    successes = -1;
  }
}

TEST_F(DescriptorsTest, AreNotMadeOfNothing) {
  int fds[2];
  EXPECT_EQ(OpenSocket(-1, SOCK_STREAM), -1);
  EXPECT_EQ(errno, EAFNOSUPPORT);
  EXPECT_EQ(OpenSocketPair(-1, fds), -1);
  EXPECT_EQ(errno, EINVAL);
  const UniqueFd deaf(::socket(AF_INET, SOCK_STREAM, 0));
  EXPECT_EQ(AcceptSocket(deaf.get(), nullptr, nullptr), -1);
  EXPECT_EQ(errno, EINVAL);
  const tests::ScopedDescriptorLimit limit(tests::LowestFreeFd() + 1);
  EXPECT_EQ(OpenPipe(fds), -1);
  EXPECT_EQ(errno, EMFILE);
}

TEST_F(DescriptorsTest, OfAResetConnectionSaySo) {
  failure = EINVAL;
  successes = 0;
  std::vector<int> made;
  EXPECT_EQ(Accept(&made), -1);
  EXPECT_EQ(errno, ECONNABORTED);
  successes = -1;
}

}  // namespace
}  // namespace isopoll::internal
