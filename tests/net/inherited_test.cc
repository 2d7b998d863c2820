#include "isopoll/net/inherited.h"

#include <stdlib.h>
#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

// What TakeInheritedSockets finds in a process of its own, whose descriptors 3
// and up are `open` pipes' ends: as an exit code.
constexpr int kNotOk = 100;
constexpr int kWrongFlags = 101;
constexpr int kStillSet = 102;

[[noreturn]] void TakeAndExit(const std::string& pid, const char* fds,
                              int open) {
  for (int fd = 3; fd < 20; ++fd) ::close(fd);
  for (int i = 0; i < open; ++i) ::dup(STDERR_FILENO);
  if (!pid.empty()) ::setenv("LISTEN_PID", pid.c_str(), 1);
  ::setenv("LISTEN_FDS", fds, 1);
  ::setenv("LISTEN_FDNAMES", "a:b", 1);
  const absl::StatusOr<std::vector<UniqueFd>> taken = TakeInheritedSockets();
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) {
    if (::getenv(name) != nullptr) ::_exit(kStillSet);
  }
  if (!taken.ok()) {
    std::cerr << taken.status();
    ::_exit(kNotOk);
  }
  for (const UniqueFd& fd : *taken) {
    if (!HasFlags(fd.get())) ::_exit(kWrongFlags);
  }
  ::_exit(static_cast<int>(taken->size()));
}

std::string OwnPid() { return absl::StrCat(::getpid()); }

TEST(InheritedDeathTest, TakesAsManyAsItIsTold) {
  EXPECT_EXIT(TakeAndExit(OwnPid(), "2", 2), testing::ExitedWithCode(2), "");
  EXPECT_EXIT(TakeAndExit(OwnPid(), "0", 2), testing::ExitedWithCode(0), "");
}

TEST(InheritedDeathTest, LeavesAloneWhatIsForAnother) {
  EXPECT_EXIT(TakeAndExit("1", "2", 2), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(TakeAndExit("", "2", 2), testing::ExitedWithCode(0), "");
}

TEST(InheritedDeathTest, RefusesWhatIsNotTrue) {
  for (const char* fds : {"3", "2147483647"}) {
    EXPECT_EXIT(TakeAndExit(OwnPid(), fds, 2), testing::ExitedWithCode(kNotOk),
                "descriptor 5 is a socket; it is not open");
  }
  for (const char* fds : {"two", "-1"}) {
    EXPECT_EXIT(TakeAndExit(OwnPid(), fds, 2), testing::ExitedWithCode(kNotOk),
                "not a number of sockets");
  }
}

}  // namespace
}  // namespace isopoll
