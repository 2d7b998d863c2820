// What a Wait of several kernel calls makes of what they found. From outside
// that takes a race between two of them, won a few times in 100,000.

#include "poller/core/harvest.h"

#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "net/pairs.h"
#include "poller/core/closed_finder.h"
#include "poller/core/registry.h"
#include "poller/event.h"
#include "poller/interest.h"
#include "poller/unix/descriptor_calls.h"

namespace isopoll::internal {
namespace {

constexpr Token kToken = 7;

class HarvestTest : public testing::Test {
 protected:
  HarvestTest() {
    Registration& registration = registry_.Insert(fd(), /*generation=*/1);
    registration.token = kToken;
    registration.interest = kReadable;
    registration.applied = kReadable;
    closed_finder_.Note(fd());
  }

  int fd() const { return pipe_.read_end.get(); }
  void Close() { pipe_.read_end.reset(); }

  // That of a Wait, which is in its first round.
  Harvest StartWait() {
    Harvest harvest(&registry_, absl::MakeSpan(events_), ++waits_,
                    &closed_finder_);
    harvest.BeginRound(registry_.changes());
    return harvest;
  }

  PipeFds pipe_ = Pipe().value();
  Registry registry_;
  ClosedFinder closed_finder_{HostDescriptorCalls()};
  std::vector<Event> events_ = std::vector<Event>(4);
  uint32_t waits_ = 0;
};

// R4: closed between two rounds of a Wait, of which the first reported it.
TEST_F(HarvestTest, ClosedAfterItsReportIsForTheNextWait) {
  const int number = fd();
  Harvest harvest = StartWait();
  ASSERT_EQ(harvest.Offer(number, kReadable, 0), Harvest::Outcome::kReported);
  Close();
  harvest.BeginRound(registry_.changes());
  EXPECT_TRUE(harvest.OfferClosed(number));
  ASSERT_EQ(harvest.count(), 1u);
  EXPECT_TRUE(harvest.events()[0].readable());
  EXPECT_FALSE(harvest.events()[0].closed());
  EXPECT_EQ(registry_.size(), 1u);

  Harvest next = StartWait();
  EXPECT_TRUE(next.OfferClosed(number));
  ASSERT_EQ(next.count(), 1u);
  EXPECT_TRUE(next.events()[0].closed());
  EXPECT_EQ(next.events()[0].token(), kToken);
  EXPECT_EQ(registry_.size(), 0u);
}

// A kernel may report what an Add had it watch that failed afterwards.
TEST_F(HarvestTest, KnowsNothingOfWhatWasNeverRegistered) {
  EXPECT_TRUE(StartWait().IsKnown(fd(), /*generation=*/1));
  EXPECT_FALSE(StartWait().IsKnown(fd(), /*generation=*/2));
  EXPECT_FALSE(StartWait().IsKnown(fd() + 5000, /*generation=*/3));
}

// Whether the kernel says it twice in one answer or in two.
TEST_F(HarvestTest, RepetitionsAreDropped) {
  Harvest harvest = StartWait();
  EXPECT_EQ(harvest.Offer(fd(), kReadable, 0), Harvest::Outcome::kReported);
  EXPECT_EQ(harvest.Offer(fd(), kReadable, 0), Harvest::Outcome::kRepeated);
  harvest.BeginRound(registry_.changes());
  EXPECT_EQ(harvest.Offer(fd(), kReadable, 0), Harvest::Outcome::kRepeated);
  EXPECT_EQ(harvest.count(), 1u);
  EXPECT_EQ(StartWait().Offer(fd(), kReadable, 0), Harvest::Outcome::kReported);
}

}  // namespace
}  // namespace isopoll::internal
