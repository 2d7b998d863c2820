// What is made of what the kernel said.

#include "poller/core/errors.h"

#include <cerrno>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isopoll::internal {
namespace {

using testing::HasSubstr;

TEST(CallErrorTest, WantOfMemoryIsOfResources) {
  for (const int error : {ENOMEM, EMFILE, EAGAIN}) {
    EXPECT_TRUE(absl::IsResourceExhausted(CallError(error, "select"))) << error;
  }
}

TEST(CallErrorTest, OthersAreWhatTheKernelSaid) {
  EXPECT_TRUE(absl::IsPermissionDenied(CallError(EACCES, "select")));
  EXPECT_TRUE(absl::IsNotFound(CallError(ENOENT, "select")));
}

TEST(CallErrorTest, NamesTheCall) {
  for (const int error : {EAGAIN, EACCES}) {
    EXPECT_THAT(CallError(error, "select").message(), HasSubstr("select"));
    EXPECT_THAT(CallError(error, "epoll_ctl", 7).message(),
                HasSubstr("epoll_ctl of fd 7"));
  }
}

TEST(NotOpenTest, IsToldFromOthers) {
  EXPECT_TRUE(IsNotOpen(NotOpen(7)));
  EXPECT_FALSE(IsNotOpen(CallError(ENOMEM, "select")));
  EXPECT_FALSE(IsNotOpen(OwnDescriptorClosed(7)));
}

}  // namespace
}  // namespace isopoll::internal
