// Which numbers are another file's by now, as fstat(2) tells it: a script here.

#include "poller/core/closed_finder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <map>

#include "gtest/gtest.h"
#include "poller/system/unix_descriptor_calls.h"

namespace isopoll::internal {
namespace {

struct File {
  dev_t device;
  ino_t inode;
  int error = 0;
};
// By fd; those that are not here are closed.
std::map<int, File> files;

int ScriptedStat(int fd, struct stat* status) {
  const auto file = files.find(fd);
  errno = file == files.end() ? EBADF : file->second.error;
  if (errno != 0) return -1;
  status->st_dev = file->second.device;
  status->st_ino = file->second.inode;
  return 0;
}

int ScriptedControl(int fd, int command, int /*argument*/) {
  EXPECT_EQ(command, F_GETFD);
  errno = EBADF;
  return files.count(fd) == 0 ? -1 : 0;
}

class ClosedFinderTest : public testing::Test {
 protected:
  ClosedFinderTest() {
    calls_.fstat = &ScriptedStat;
    calls_.fcntl = &ScriptedControl;
    files = {{2, {1, 1}}, {5, {1, 2}}, {6, {1, 3}}, {9, {1, 4}}};
    for (const int fd : {5, 6, 9, 2, 9}) finder_.Note(fd);
  }

  UnixDescriptorCalls calls_;
  ClosedFinder finder_{calls_};
};

TEST_F(ClosedFinderTest, AFileIsItsDeviceAndInode) {
  for (const int fd : {2, 5, 6, 9}) EXPECT_FALSE(finder_.Closed(fd));
  files[2] = {2, 1};
  EXPECT_TRUE(finder_.Closed(2));
  files[5] = {1, 1};
  EXPECT_TRUE(finder_.Closed(5));
  files.erase(5);
  EXPECT_TRUE(finder_.Closed(5));
  files[5] = {1, 2};
  EXPECT_FALSE(finder_.Closed(5));
  finder_.Note(2);
  EXPECT_FALSE(finder_.Closed(2));
  EXPECT_FALSE(finder_.Closed(5));
}

// As of a terminal that was revoked.
TEST_F(ClosedFinderTest, WhatCannotBeToldIsOpen) {
  files[5].error = EIO;
  EXPECT_FALSE(finder_.Closed(5));
  files[5].error = EPERM;
  EXPECT_FALSE(finder_.Closed(5));
}

TEST_F(ClosedFinderTest, WhatCouldNotBeToldIsNotedWhenItCan) {
  for (const int error : {ENOMEM, EIO}) {
    files[5] = {1, 2, error};
    finder_.Note(5);
    files[5].error = 0;
    EXPECT_FALSE(finder_.Closed(5));
    files[5].inode = 3;
    EXPECT_TRUE(finder_.Closed(5));
  }
}

// What was closed when it was noted is so, whatever its number is by now.
TEST_F(ClosedFinderTest, WhatWasClosedWhenNotedStaysSo) {
  files.erase(5);
  finder_.Note(5);
  EXPECT_TRUE(finder_.Closed(5));
  files[5] = {0, 0};
  EXPECT_TRUE(finder_.Closed(5));
  EXPECT_TRUE(finder_.Closed(5));
}

}  // namespace
}  // namespace isopoll::internal
