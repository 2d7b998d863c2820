// R17: any number of descriptors, of any number.

#include <cstddef>
#include <set>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/background_wait.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr int kDescriptors = 5100;

class NumbersTest : public PollerTest {
 protected:
  void SetUp() override { AllowDescriptors(kDescriptors); }

  std::set<int> Reported(size_t room) {
    std::set<int> fds;
    for (const Event& event : Look(room)) {
      EXPECT_EQ(event.ready(), kReadable);
      EXPECT_EQ(event.token(), Token{1} << 40 | event.fd());
      fds.insert(event.fd());
    }
    return fds;
  }
};

// Both ends of 2500 pairs, or of fewer where each of them is a TCP connection.
TEST_P(NumbersTest, ThousandsOfDescriptors) {
  const size_t count = kHasUnixPairs ? 2500 : 500;
  std::vector<Ends> pairs;
  for (size_t i = 0; i < count; ++i) {
    pairs.push_back(NewSocketPair());
    for (int fd : {pairs.back().get(), pairs.back().peer.get()}) {
      ASSERT_THAT(poller().Add(fd, kReadable, Token{1} << 40 | fd), IsOk());
    }
  }
  EXPECT_EQ(poller().size(), 2 * count);
  // To take up so many is work, of a stand-in under TSan 40 ms: not in the Wait
  // that must hardly compute.
  EXPECT_THAT(Look(), IsEmpty());
  ExpectQuiet(poller(), absl::Seconds(1));

  std::set<int> ready;
  for (size_t i = 0; i < pairs.size(); i += 7) {
    Feed(pairs[i]);
    ready.insert(pairs[i].get());
  }
  EXPECT_EQ(Reported(/*room=*/2 * count), ready);

  // Through a small span, all of them in turn.
  std::set<int> in_turn;
  for (size_t i = 0; i < ready.size(); i += 50) in_turn.merge(Reported(50));
  EXPECT_EQ(in_turn, ready);

  for (const Ends& pair : pairs) Drain(pair.get());
  EXPECT_THAT(Look(), IsEmpty());
  for (const Ends& pair : pairs) {
    ASSERT_THAT(poller().Remove(pair.peer.get()), IsOk());
  }
  EXPECT_EQ(poller().size(), count);
  Feed(pairs.back());
  EXPECT_THAT(Reported(10), ElementsAre(pairs.back().get()));
}

TEST_P(NumbersTest, AtTheEdgesOfABitmap) {
  Ends pipe = NewReadablePipe();
  for (int place : {63, 64, 65, 127, 128, 1023, 1024, 1025, 2047, 2048, 4095,
                    kDescriptors - 1}) {
    const int number = place * kNumberStep;
    UniqueFd copy = DuplicateFrom(pipe.get(), number);
    ASSERT_EQ(copy.get(), number);
    ExpectReady(number, kReadable | kAlwaysOfReadEnd);
  }
}

TEST_P(NumbersTest, HighAndLowTogether) {
  Ends low = NewReadablePipe();
  Ends pipe = NewReadablePipe();
  UniqueFd high = DuplicateFrom(pipe.get(), 3000);
  ASSERT_THAT(poller().Add(high.get(), kReadable, 1), IsOk());
  ASSERT_THAT(poller().Add(low.get(), kReadable, 2), IsOk());
  EXPECT_THAT(Look(), UnorderedElementsAre(EventIs(high.get(), 1, kReadable),
                                           EventIs(low.get(), 2, kReadable)));
  ASSERT_THAT(poller().Remove(high.get()), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(low.get(), 2, kReadable)));
  ASSERT_THAT(poller().Add(high.get(), kReadable, 3), IsOk());
  ASSERT_THAT(poller().Remove(low.get()), IsOk());
  EXPECT_THAT(Look(), ElementsAre(EventIs(high.get(), 3, kReadable)));
}

TEST_P(NumbersTest, HighOneIsAddedToARunningWait) {
  Ends low = NewPipe();
  Ends pipe = NewPipe();
  UniqueFd high = DuplicateFrom(pipe.get(), 4000);
  ASSERT_THAT(poller().Add(low.get(), kReadable, 1), IsOk());
  BackgroundWait wait(poller());
  ASSERT_THAT(poller().Add(high.get(), kReadable, 2), IsOk());
  wait.AwaitSleep();
  Feed(pipe);
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(high.get(), 2, kReadable)));
}

ISOPOLL_ON_EVERY_KIND(NumbersTest);

}  // namespace
}  // namespace isopoll
