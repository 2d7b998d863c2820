#include "isopoll/net/unique_fd.h"

#include <cerrno>
#include <type_traits>
#include <utility>

#include "gtest/gtest.h"
#include "isopoll/net/internal/socket_headers.h"
#include "net/internal/descriptors.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

int OpenSomething() {
  const int fd = internal::OpenSocket(AF_INET, SOCK_DGRAM);
  EXPECT_GE(fd, 0);
  return fd;
}

static_assert(!std::is_copy_constructible_v<UniqueFd>);
static_assert(!std::is_copy_assignable_v<UniqueFd>);
static_assert(std::is_nothrow_move_constructible_v<UniqueFd>);
static_assert(std::is_nothrow_move_assignable_v<UniqueFd>);

TEST(UniqueFdTest, IsEmptyByDefault) {
  const UniqueFd fd;
  EXPECT_EQ(fd.get(), -1);
  EXPECT_FALSE(fd);
}

TEST(UniqueFdTest, ZeroIsADescriptor) {
  UniqueFd fd(0);
  EXPECT_TRUE(fd);
  EXPECT_EQ(fd.release(), 0);
}

TEST(UniqueFdTest, ClosesWhenDestroyed) {
  const int number = OpenSomething();
  {
    const UniqueFd fd(number);
    EXPECT_TRUE(fd);
    EXPECT_EQ(fd.get(), number);
    EXPECT_TRUE(IsOpen(number));
  }
  EXPECT_FALSE(IsOpen(number));
}

TEST(UniqueFdTest, MoveHandsTheDescriptorOn) {
  const int number = OpenSomething();
  UniqueFd first(number);
  const UniqueFd second(std::move(first));
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(second.get(), number);
  EXPECT_TRUE(IsOpen(number));
}

TEST(UniqueFdTest, MoveAssignmentClosesTheOldDescriptor) {
  const int old_number = OpenSomething();
  const int new_number = OpenSomething();
  UniqueFd target(old_number);
  UniqueFd source(new_number);
  target = std::move(source);
  EXPECT_FALSE(IsOpen(old_number));
  EXPECT_TRUE(IsOpen(new_number));
  EXPECT_EQ(target.get(), new_number);
  EXPECT_FALSE(source);  // NOLINT(bugprone-use-after-move)
}

TEST(UniqueFdTest, SelfMoveKeepsTheDescriptor) {
  const int number = OpenSomething();
  UniqueFd fd(number);
  UniqueFd& alias = fd;
  fd = std::move(alias);
  EXPECT_EQ(fd.get(), number);
  EXPECT_TRUE(IsOpen(number));
}

TEST(UniqueFdTest, ReleaseDoesNotClose) {
  const int number = OpenSomething();
  {
    UniqueFd fd(number);
    EXPECT_EQ(fd.release(), number);
    EXPECT_FALSE(fd);
  }
  EXPECT_TRUE(IsOpen(number));
  const UniqueFd closer(number);
}

TEST(UniqueFdTest, ResetClosesAndTakes) {
  const int old_number = OpenSomething();
  const int new_number = OpenSomething();
  UniqueFd fd(old_number);
  fd.reset(new_number);
  EXPECT_FALSE(IsOpen(old_number));
  EXPECT_EQ(fd.get(), new_number);
  fd.reset();
  EXPECT_FALSE(IsOpen(new_number));
  EXPECT_FALSE(fd);
}

TEST(UniqueFdTest, ResetLeavesErrnoAlone) {
  const int number = OpenSomething();
  UniqueFd fd(number);
  { const UniqueFd closed_behind_its_back(number); }
  errno = ENOTTY;
  fd.reset();  // close fails with EBADF
  EXPECT_EQ(errno, ENOTTY);
}

}  // namespace
}  // namespace isopoll
