// Which numbers are another file's by now, as the system tells it: a script
// here. The numbers are multiples of four, as descriptors are on Windows.

#include "poller/core/closed_finder.h"

#include <cerrno>
#include <map>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "poller/system/descriptor_calls.h"

namespace isopoll::internal {
namespace {

struct File {
  FileId id;
  int error = 0;
};
// By fd; those that are not here are closed.
std::map<int, File> files;

struct ScriptedCalls : DescriptorCalls {
  bool IsOpen(int fd) const override { return files.count(fd) > 0; }
  absl::Status CheckOpen(int fd) const override {
    ADD_FAILURE() << fd;
    return absl::OkStatus();
  }
  int Identify(int fd, FileId* file) const override {
    const auto found = files.find(fd);
    if (found == files.end()) return EBADF;
    *file = found->second.id;
    return found->second.error;
  }
};

class ClosedFinderTest : public testing::Test {
 protected:
  ClosedFinderTest() {
    files = {{8, {{1, 1}}}, {20, {{1, 2}}}, {24, {{1, 3}}}, {36, {{1, 4}}}};
    for (const int fd : {20, 24, 36, 8, 36}) finder_.Note(fd);
  }

  ScriptedCalls calls_;
  ClosedFinder finder_{calls_};
};

TEST_F(ClosedFinderTest, AFileIsItsDeviceAndInode) {
  for (const int fd : {8, 20, 24, 36}) EXPECT_FALSE(finder_.Closed(fd));
  files[8] = {{2, 1}};
  EXPECT_TRUE(finder_.Closed(8));
  files[20] = {{1, 1}};
  EXPECT_TRUE(finder_.Closed(20));
  files.erase(20);
  EXPECT_TRUE(finder_.Closed(20));
  files[20] = {{1, 2}};
  EXPECT_FALSE(finder_.Closed(20));
  finder_.Note(8);
  EXPECT_FALSE(finder_.Closed(8));
  EXPECT_FALSE(finder_.Closed(20));
}

// As of a terminal that was revoked.
TEST_F(ClosedFinderTest, WhatCannotBeToldIsOpen) {
  files[20].error = EIO;
  EXPECT_FALSE(finder_.Closed(20));
  files[20].error = EPERM;
  EXPECT_FALSE(finder_.Closed(20));
}

TEST_F(ClosedFinderTest, WhatCouldNotBeToldIsNotedWhenItCan) {
  for (const int error : {ENOMEM, EIO}) {
    files[20] = {{1, 2}, error};
    finder_.Note(20);
    files[20].error = 0;
    EXPECT_FALSE(finder_.Closed(20));
    files[20].id.inode = 3;
    EXPECT_TRUE(finder_.Closed(20));
  }
}

// What was closed when it was noted is so, whatever its number is by now.
TEST_F(ClosedFinderTest, WhatWasClosedWhenNotedStaysSo) {
  files.erase(20);
  finder_.Note(20);
  EXPECT_TRUE(finder_.Closed(20));
  files[20] = {{0, 0}};
  EXPECT_TRUE(finder_.Closed(20));
  EXPECT_TRUE(finder_.Closed(20));
}

}  // namespace
}  // namespace isopoll::internal
