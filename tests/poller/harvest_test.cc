// What a Wait of several kernel calls makes of what they found. From outside
// that takes a race between two of them, won a few times in 100,000.

#include "poller/core/harvest.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/pairs.h"
#include "poller/core/closed_finder.h"
#include "poller/core/registry.h"
#include "poller/system/descriptor_calls.h"

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

  int fd() const { return pair_.first.get(); }
  void Close() { pair_.first.reset(); }

  // That of a Wait, which is in its first round.
  Harvest StartWait() {
    Harvest harvest(&registry_, absl::MakeSpan(events_), ++waits_,
                    &closed_finder_);
    harvest.BeginRound(registry_.changes());
    return harvest;
  }

  // The same, for a caller who does not ask what was closed.
  Harvest StartPlainWait(size_t room) {
    Harvest harvest(&registry_, absl::MakeSpan(events_).first(room), ++waits_,
                    nullptr);
    harvest.BeginRound(registry_.changes());
    return harvest;
  }

  Registration& registration() { return registry_.At(fd()); }

  SocketPairFds pair_ = TcpPair().value();
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

// The number of a Wait comes again after four billion.
TEST_F(HarvestTest, AReportByAWaitOfThisNumberLongAgoIsNone) {
  registration().reported_in = waits_ + 1;
  EXPECT_EQ(StartWait().Offer(fd(), kReadable, 0), Harvest::Outcome::kReported);
}

TEST_F(HarvestTest, AnEventSaysWhatWasAskedForAndTheHints) {
  Harvest harvest = StartWait();
  EXPECT_EQ(harvest.room(), 4u);
  EXPECT_EQ(harvest.Offer(fd(), kReadable | kWritable,
                          static_cast<HintBits>(Hint::kHangup)),
            Harvest::Outcome::kReported);
  ASSERT_EQ(harvest.events().size(), 1u);
  EXPECT_EQ(harvest.room(), 3u);
  const Event& event = harvest.events()[0];
  EXPECT_EQ(event.fd(), fd());
  EXPECT_EQ(event.token(), kToken);
  EXPECT_EQ(event.ready(), kReadable);
  EXPECT_TRUE(event.hangup());
  EXPECT_FALSE(event.closed());
  EXPECT_EQ(harvest.WaitsSinceReported(registration()), 0u);
  EXPECT_EQ(StartWait().WaitsSinceReported(registration()), 1u);
}

TEST_F(HarvestTest, WhatNobodyAskedForIsNoEvent) {
  Harvest harvest = StartWait();
  EXPECT_EQ(harvest.Offer(fd(), kWritable, 0), Harvest::Outcome::kUnasked);
  EXPECT_EQ(harvest.Offer(fd() + 5000, kReadable, 0),
            Harvest::Outcome::kUnasked);
  EXPECT_EQ(harvest.count(), 0u);
  EXPECT_FALSE(harvest.look_again());
}

// What the kernel said of a registration before it changed is nothing for the
// one that it is now; but that may be ready as well.
TEST_F(HarvestTest, WhatChangedMeanwhileTakesAnotherLook) {
  Harvest harvest = StartWait();
  registry_.MarkChanged(registration());
  EXPECT_EQ(harvest.Offer(fd(), kReadable, 0), Harvest::Outcome::kOutdated);
  EXPECT_EQ(harvest.count(), 0u);
  EXPECT_TRUE(harvest.look_again());
  EXPECT_TRUE(harvest.IsKnown(fd(), /*generation=*/2));

  harvest.BeginRound(registry_.changes());
  EXPECT_FALSE(harvest.look_again());
  EXPECT_EQ(harvest.Offer(fd(), kReadable, 0), Harvest::Outcome::kReported);
}

TEST_F(HarvestTest, WhatWasClosedMeanwhileTakesAnotherLook) {
  const int number = fd();
  Harvest harvest = StartWait();
  Close();
  EXPECT_EQ(harvest.Offer(number, kReadable, 0), Harvest::Outcome::kOutdated);
  EXPECT_EQ(harvest.count(), 0u);
  EXPECT_TRUE(harvest.look_again());
}

TEST_F(HarvestTest, OneShotIsParkedByItsReport) {
  registration().trigger = Trigger::kOneShot;
  Harvest harvest = StartWait();
  EXPECT_EQ(harvest.Offer(fd(), kReadable, 0), Harvest::Outcome::kReported);
  EXPECT_EQ(registration().interest, kNone);
  EXPECT_TRUE(registration().queued);
  EXPECT_EQ(StartWait().Offer(fd(), kReadable, 0), Harvest::Outcome::kUnasked);
}

TEST_F(HarvestTest, ClosedIsReportedWhereThereIsRoom) {
  const int number = fd();
  registration().interest = kReadable | kWritable;
  events_.resize(1);
  Harvest none(&registry_, absl::MakeSpan(events_).first(0), ++waits_,
               &closed_finder_);
  none.BeginRound(registry_.changes());
  EXPECT_TRUE(none.full());
  EXPECT_TRUE(none.OfferClosed(number));
  EXPECT_EQ(none.count(), 0u);
  EXPECT_FALSE(events_[0].closed());
  // It is to be watched no more, and is registered still.
  EXPECT_EQ(registry_.At(number).applied, kNone);
  EXPECT_EQ(registry_.size(), 1u);

  EXPECT_TRUE(StartPlainWait(1).OfferClosed(number));
  EXPECT_EQ(registry_.size(), 1u);

  Harvest harvest = StartWait();
  EXPECT_TRUE(harvest.OfferClosed(number));
  ASSERT_EQ(harvest.count(), 1u);
  EXPECT_EQ(harvest.events()[0].fd(), number);
  EXPECT_EQ(harvest.events()[0].ready(), kNone);
  EXPECT_EQ(registry_.size(), 0u);
  EXPECT_FALSE(StartWait().OfferClosed(number));
}

TEST_F(HarvestTest, WhatChangedMeanwhileIsNotCalledClosed) {
  Harvest harvest = StartWait();
  registry_.MarkChanged(registration());
  EXPECT_FALSE(harvest.OfferClosed(fd()));
  EXPECT_EQ(registration().applied, kReadable);
  EXPECT_EQ(harvest.count(), 0u);
}

TEST_F(HarvestTest, PlainReportsAreAsTheOthers) {
  Harvest harvest = StartPlainWait(4);
  EXPECT_TRUE(harvest.OfferPlain(fd(), 1, kReadable | kWritable,
                                 static_cast<HintBits>(Hint::kError)));
  ASSERT_EQ(harvest.count(), 1u);
  EXPECT_EQ(harvest.events()[0].fd(), fd());
  EXPECT_EQ(harvest.events()[0].token(), kToken);
  EXPECT_EQ(harvest.events()[0].ready(), kReadable);
  EXPECT_TRUE(harvest.events()[0].error());
  EXPECT_EQ(harvest.WaitsSinceReported(registration()), 0u);
  EXPECT_EQ(registration().unchecked_reports, 1);
}

TEST_F(HarvestTest, WhatTakesThoughtIsNotPlain) {
  EXPECT_FALSE(StartWait().OfferPlain(fd(), 1, kReadable, 0));
  EXPECT_FALSE(StartPlainWait(4).OfferPlain(fd(), 1, kWritable, 0));
  EXPECT_FALSE(StartPlainWait(4).OfferPlain(fd(), 2, kReadable, 0));

  Harvest changed = StartPlainWait(4);
  registry_.MarkChanged(registration());
  EXPECT_FALSE(changed.OfferPlain(fd(), 1, kReadable, 0));

  registration().trigger = Trigger::kOneShot;
  EXPECT_FALSE(StartPlainWait(4).OfferPlain(fd(), 1, kReadable, 0));
  registration().trigger = Trigger::kLevel;

  // In a second round it may have been reported by the first.
  Harvest second = StartPlainWait(4);
  EXPECT_TRUE(second.OfferPlain(fd(), 1, kReadable, 0));
  second.BeginRound(registry_.changes());
  EXPECT_FALSE(second.OfferPlain(fd(), 1, kReadable, 0));
  EXPECT_EQ(second.count(), 1u);
}

// The kernel is asked once after so many reports, plain or not.
TEST_F(HarvestTest, ReportsAreCountedUpToTheCheck) {
  EXPECT_FALSE(StartWait().TakeCheck(fd()));
  for (int i = 0; i < kReportsBetweenChecks; ++i) {
    EXPECT_FALSE(StartWait().TakeCheck(fd()));
    if (i % 2 == 0) {
      EXPECT_TRUE(StartPlainWait(4).OfferPlain(fd(), 1, kReadable, 0));
    } else {
      EXPECT_EQ(StartWait().Offer(fd(), kReadable, 0),
                Harvest::Outcome::kReported);
    }
  }
  EXPECT_FALSE(StartPlainWait(4).OfferPlain(fd(), 1, kReadable, 0));
  EXPECT_EQ(StartWait().Offer(fd(), kReadable, 0), Harvest::Outcome::kReported);
  EXPECT_TRUE(StartWait().TakeCheck(fd()));
  EXPECT_FALSE(StartWait().TakeCheck(fd()));
  EXPECT_FALSE(StartWait().TakeCheck(fd() + 5000));
}

TEST_F(HarvestTest, WhatIsRenewedIsTold) {
  StartWait().Renew(fd());
  EXPECT_TRUE(Registry::Unapplied(registration()));
  EXPECT_TRUE(registry_.AnyQueued());
}

TEST_F(HarvestTest, IsWokenOnceToldSo) {
  Harvest harvest = StartWait();
  EXPECT_FALSE(harvest.woken());
  harvest.SetWoken();
  EXPECT_TRUE(harvest.woken());
}

TEST_F(HarvestTest, ACheckIsDueOnceInSoManyReports) {
  registration().unchecked_reports = kReportsBetweenChecks - 1;
  EXPECT_FALSE(StartWait().TakeCheck(fd()));
  ++registration().unchecked_reports;
  EXPECT_TRUE(StartWait().TakeCheck(fd()));
  EXPECT_FALSE(StartWait().TakeCheck(fd()));
  EXPECT_EQ(registration().unchecked_reports, 0);
}

}  // namespace
}  // namespace isopoll::internal
