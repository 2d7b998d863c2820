// Interest, Event and their like as values, and how they print.

#include <cstdint>
#include <sstream>
#include <string>

#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"

namespace isopoll {
namespace {

template <typename T>
std::string Printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

TEST(InterestTest, Prints) {
  EXPECT_EQ(kNone.ToString(), "-");
  EXPECT_EQ(kReadable.ToString(), "r");
  EXPECT_EQ(kWritable.ToString(), "w");
  EXPECT_EQ(kPriority.ToString(), "p");
  EXPECT_EQ((kReadable | kWritable).ToString(), "rw");
  EXPECT_EQ((kReadable | kPriority).ToString(), "rp");
  EXPECT_EQ((kWritable | kPriority).ToString(), "wp");
  EXPECT_EQ((kPriority | kWritable | kReadable).ToString(), "rwp");
  EXPECT_EQ(Interest::FromBits(0x81).ToString(), "r?");
  EXPECT_EQ(Printed(kReadable | kWritable), "rw");
  EXPECT_EQ(Interest::FromBits(8).ToString(), "?");
  EXPECT_EQ(Interest::FromBits(9).ToString(), "r?");
}

TEST(InterestTest, IsASet) {
  constexpr Interest kBoth = kReadable | kWritable;
  static_assert(kBoth.readable() && kBoth.writable() && !kBoth.priority());
  static_assert((kBoth & kWritable) == kWritable);
  static_assert((kBoth & kPriority).empty());
  static_assert(kBoth - kWritable == kReadable);
  static_assert(kBoth != kReadable);
  static_assert(Interest() == kNone);
  Interest interest = kReadable;
  EXPECT_EQ(interest |= kPriority, kReadable | kPriority);
  EXPECT_EQ(interest &= kReadable, kReadable);
  EXPECT_EQ(interest -= kReadable, kNone);
}

TEST(InterestTest, KeepsBitsThatItDoesNotKnow) {
  for (int bits = 0; bits < 256; ++bits) {
    const Interest interest = Interest::FromBits(static_cast<uint8_t>(bits));
    EXPECT_EQ(interest.bits(), bits);
    EXPECT_EQ(interest.valid(), bits < 8);
  }
}

TEST(EventTest, HoldsWhatItWasMadeOf) {
  const Event event(5, 0xffffffffffffffff, kWritable | kPriority);
  EXPECT_EQ(event.fd(), 5);
  EXPECT_EQ(event.token(), 0xffffffffffffffff);
  EXPECT_EQ(event.ready(), kWritable | kPriority);
  EXPECT_FALSE(event.readable());
  EXPECT_TRUE(event.writable());
  EXPECT_TRUE(event.priority());
  EXPECT_FALSE(event.hangup() || event.read_closed() || event.error() ||
               event.closed());
}

TEST(EventTest, IsNothingByDefault) {
  const Event event;
  EXPECT_EQ(event.fd(), -1);
  EXPECT_EQ(event.token(), 0u);
  EXPECT_EQ(event.ready(), kNone);
  EXPECT_FALSE(event.hangup() || event.read_closed() || event.error() ||
               event.closed());
}

TEST(WaitResultTest, IsATimeoutByDefault) {
  const WaitResult result;
  EXPECT_EQ(result.count, 0u);
  EXPECT_FALSE(result.woken);
}

TEST(PollerOptionsTest, AskForNothingByDefault) {
  const PollerOptions options;
  EXPECT_FALSE(options.backend.has_value());
  EXPECT_FALSE(options.exact_hints || options.check_closed);
}

TEST(EventTest, HintsAreIndependent) {
  Event event(5, 7, kReadable);
  event.AddHint(Hint::kReadClosed);
  EXPECT_TRUE(event.read_closed());
  EXPECT_FALSE(event.hangup() || event.error() || event.closed());
  event.AddHint(Hint::kError);
  event.AddHint(Hint::kError);
  EXPECT_TRUE(event.read_closed() && event.error());
  EXPECT_FALSE(event.hangup() || event.closed());
}

TEST(EventTest, Prints) {
  Event event(5, 7, kReadable | kWritable);
  EXPECT_EQ(event.ToString(), "fd 5 token 7 rw");
  event.AddHint(Hint::kReadClosed);
  EXPECT_EQ(event.ToString(), "fd 5 token 7 rw read_closed");
  event.AddHint(Hint::kHangup);
  event.AddHint(Hint::kError);
  EXPECT_EQ(Printed(event), "fd 5 token 7 rw hangup read_closed error");

  Event closed(12, 0, kNone);
  closed.MarkClosed();
  EXPECT_EQ(closed.ToString(), "fd 12 token 0 - closed");
}

}  // namespace
}  // namespace isopoll
