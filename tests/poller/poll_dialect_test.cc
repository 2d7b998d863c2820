// How each system's poll(2) is read, as its own select(2) would have it. No
// kernel but one's own is here to be asked.

#include <poll.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/poll_dialects.h"

namespace isopoll::internal {

namespace {

constexpr int kReadClosed = static_cast<int>(Hint::kReadClosed);
constexpr int kBothClosed = static_cast<int>(Hint::kHangup) | kReadClosed;

struct Dialect {
  std::string name;
  const MaskDialect& dialect;
  // What select says when poll says so.
  Interest hangup;
  Interest error;
  // The hints of a hangup.
  int hangup_hints;

  friend std::ostream& operator<<(std::ostream& out, const Dialect& one) {
    return out << one.name;
  }
};

std::vector<Dialect> Dialects() {
  return {
      // fs/select.c: POLLIN_SET, POLLOUT_SET, POLLEX_SET.
      {"linux", kLinuxDialect, kReadable, kReadable | kWritable, kBothClosed},
      // sys/kern/sys_generic.c: select_flags.
      {"freebsd", kFreebsdDialect, kReadable | kWritable,
       kReadable | kWritable | kPriority, kBothClosed},
      {"dragonfly", kDragonflyDialect, kReadable | kWritable,
       kReadable | kWritable | kPriority, kBothClosed},
      // sys/kern/sys_generic.c. poll says POLLERR of what is not there only.
      {"openbsd", kOpenbsdDialect, kReadable | kWritable, kNone, kBothClosed},
      // poll_call_....cc has read it before, direction by direction.
      {"macos", kMacosDialect, kNone, kNone, kReadClosed},
      {"netbsd", kNetbsdDialect, kNone, kNone, kBothClosed},
  };
}

class PollDialectTest : public testing::TestWithParam<Dialect> {
 protected:
  const MaskDialect& dialect() const { return GetParam().dialect; }
};

TEST_P(PollDialectTest, AsksForWhatIsWanted) {
  EXPECT_EQ(dialect().Ask(kNone), 0u);
  for (const Interest direction : {kReadable, kWritable, kPriority}) {
    const uint32_t asked = dialect().Ask(direction);
    EXPECT_NE(asked, 0u);
    // What is asked for is an answer to it, and to nothing else. (Linux asks
    // for a hint besides.)
    EXPECT_EQ(dialect().Readiness(asked), direction);
  }
}

TEST_P(PollDialectTest, ReadsDataAndRoom) {
  EXPECT_EQ(dialect().Readiness(0), kNone);
  EXPECT_EQ(dialect().Readiness(POLLIN), kReadable);
  EXPECT_EQ(dialect().Readiness(POLLOUT), kWritable);
  EXPECT_EQ(dialect().Readiness(POLLIN | POLLOUT), kReadable | kWritable);
}

TEST_P(PollDialectTest, ReadsTheEnd) {
  EXPECT_EQ(dialect().Readiness(POLLHUP), GetParam().hangup);
  EXPECT_EQ(dialect().Readiness(POLLERR), GetParam().error);
}

TEST_P(PollDialectTest, ReadsHints) {
  EXPECT_EQ(dialect().Hints(0), 0);
  EXPECT_EQ(dialect().Hints(POLLIN | POLLOUT | POLLPRI), 0);
  EXPECT_EQ(dialect().Hints(POLLHUP), GetParam().hangup_hints);
  EXPECT_EQ(dialect().Hints(POLLERR), static_cast<int>(Hint::kError));
}

TEST(LinuxDialectTest, ReadsTheEndOfReading) {
  EXPECT_EQ(kLinuxDialect.Hints(POLLRDHUP), kReadClosed);
  EXPECT_EQ(kLinuxDialect.Readiness(POLLRDHUP), kNone);
  EXPECT_NE(kLinuxDialect.Ask(kReadable) & POLLRDHUP, 0u);
}

// WSAPoll refuses questions of other bits.
TEST(WindowsDialectTest, AsksForThreeBits) {
  EXPECT_EQ(kWindowsDialect.Ask(kReadable), static_cast<uint32_t>(POLLRDNORM));
  EXPECT_EQ(kWindowsDialect.Ask(kWritable), static_cast<uint32_t>(POLLWRNORM));
  EXPECT_EQ(kWindowsDialect.Ask(kPriority), static_cast<uint32_t>(POLLRDBAND));
}

TEST(WindowsDialectTest, ReadsTheThreeAndTheEnd) {
  EXPECT_EQ(kWindowsDialect.Readiness(POLLRDNORM), kReadable);
  EXPECT_EQ(kWindowsDialect.Readiness(POLLWRNORM), kWritable);
  EXPECT_EQ(kWindowsDialect.Readiness(POLLRDBAND), kPriority);
  EXPECT_EQ(kWindowsDialect.Readiness(POLLHUP), kReadable);
  EXPECT_EQ(kWindowsDialect.Readiness(POLLERR), kReadable | kWritable);
  EXPECT_EQ(kWindowsDialect.Hints(POLLHUP), kReadClosed);
  EXPECT_EQ(kWindowsDialect.Hints(POLLERR),
            kBothClosed | static_cast<int>(Hint::kError));
}

TEST_P(PollDialectTest, LinuxsSelectAloneMissesErrors) {
  EXPECT_EQ(dialect().select_misses_errors, &dialect() == &kLinuxDialect);
}

std::string DialectName(const testing::TestParamInfo<Dialect>& test) {
  return test.param.name;
}

INSTANTIATE_TEST_SUITE_P(, PollDialectTest, testing::ValuesIn(Dialects()),
                         DialectName);

}  // namespace
}  // namespace isopoll::internal
