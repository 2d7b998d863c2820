// What macOS's select(2) calls of priority and is not, told by what Linux says
// of the files.

#include <fcntl.h>
#include <stdlib.h>

#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "poller/system/false_priority.h"

namespace isopoll::internal {
namespace {

constexpr Interest kAll = kReadable | kWritable | kPriority;
constexpr int kNoNumber = 100000;

TEST(WithoutFalsePriority, IsForWhatIsAlwaysReady) {
  for (const char* path : {"/proc/self/exe", "/", "/dev/null", "/dev/zero"}) {
    SCOPED_TRACE(path);
    const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
    ASSERT_TRUE(file);
    EXPECT_EQ(WithoutFalsePriority(file.get(), kAll), kReadable | kWritable);
    EXPECT_EQ(WithoutFalsePriority(file.get(), kPriority), kNone);
    EXPECT_EQ(WithoutFalsePriority(file.get(), kWritable), kWritable);
  }
}

TEST(WithoutFalsePriority, LeavesTruePriorityAlone) {
  const SocketPairFds pair = TcpPair().value();
  const PipeFds pipe = Pipe().value();
  const UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY));
  for (const int fd :
       {pair.first.get(), pipe.read_end.get(), master.get(), kNoNumber}) {
    EXPECT_EQ(WithoutFalsePriority(fd, kAll), kAll);
  }
}

}  // namespace
}  // namespace isopoll::internal
