// Whose a path is. Files take the place of sockets here, which not every system
// has.

#include "echo/socket_paths.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/net/testing.h"

namespace isopoll::echo {
namespace {

class SocketPathsTest : public testing::Test {
 protected:
  static void Create(const std::string& path) {
    std::ofstream(path) << "x";
    ASSERT_TRUE(std::filesystem::exists(path));
  }

  const ScratchDirectory scratch_;
  const std::string path_ = scratch_.Path("s");
};

TEST_F(SocketPathsTest, GoWithTheProgram) {
  Create(path_);
  {
    SocketPaths paths;
    paths.Add(Address(absl::StrCat("unix:", path_)));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(SocketPathsTest, StayWithASuccessor) {
  Create(path_);
  {
    SocketPaths paths;
    paths.Add(Address(absl::StrCat("unix:", path_)));
    Create(scratch_.Path("other"));
    std::filesystem::rename(scratch_.Path("other"), path_);
  }
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(SocketPathsTest, WhatIsNoPathIsNotRemoved) {
  SocketPaths paths;
  paths.Add(Address("127.0.0.1:80"));
  paths.Add(Address(absl::StrCat("unix:", path_)));  // nothing is there
}

}  // namespace
}  // namespace isopoll::echo
