// R18: a file whose number was closed lives on under another, and epoll needs a
// descriptor to be rid of it. Until there is one, the others are served.

#include <poll.h>

#include <cstddef>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/descriptor_limit.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class HeldFileTest : public PollerTest {
 protected:
  HeldFileTest() {
    for (Token token = 0; token < 3; ++token) {
      others_.push_back(NewReadablePipe());
      EXPECT_THAT(poller().Add(others_.back().get(), kReadable, 10 + token),
                  IsOk());
    }
    EXPECT_EQ(Look().size(), 3u);
    Hold();
  }

  // Registers kFreeNumber, a readable pipe, and closes it.
  void Hold() {
    UniqueFd fd = DuplicateTo(lives_on_.get());
    EXPECT_THAT(poller().Add(fd.get(), kReadable, 1), IsOk());
  }

  void QuietenOthers() {
    for (const Ends& other : others_) Drain(other.get());
  }

  // One look, without a descriptor to spare.
  absl::StatusOr<WaitResult> LookInWant(absl::Span<Event> events) {
    tests::ScopedDescriptorLimit limit(tests::LowestFreeFd());
    return poller().Wait(events, absl::ZeroDuration());
  }

  // The tokens that such looks, with room for `room`, report.
  std::multiset<Token> TokensSeen(int waits, size_t room) {
    std::multiset<Token> tokens;
    std::vector<Event> events(room);
    for (int i = 0; i < waits; ++i) {
      const absl::StatusOr<WaitResult> result =
          LookInWant(absl::MakeSpan(events));
      EXPECT_THAT(result, IsOk());
      const size_t count = result.ok() ? result->count : 0;
      for (size_t j = 0; j < count; ++j) tokens.insert(events[j].token());
    }
    return tokens;
  }

  Ends lives_on_ = NewReadablePipe();
  std::vector<Ends> others_;
};

TEST_P(HeldFileTest, AfterRemove) {
  ASSERT_THAT(poller().Remove(kFreeNumber), IsOk());
  EXPECT_THAT(TokensSeen(/*waits=*/3, /*room=*/1), ElementsAre(10, 11, 12));
  EXPECT_THAT(TokensSeen(/*waits=*/1, /*room=*/8), ElementsAre(10, 11, 12));
  EXPECT_EQ(Look().size(), 3u);
}

// Two files have had the number of one registration.
TEST_P(HeldFileTest, AfterItsNumberIsTakenWithoutRemove) {
  Ends pipe = NewPipe();
  UniqueFd taken = DuplicateTo(pipe.get());
  ASSERT_THAT(poller().Modify(taken.get(), kReadable | kPriority, 2), IsOk());
  EXPECT_THAT(TokensSeen(/*waits=*/1, /*room=*/8), ElementsAre(10, 11, 12));
  Feed(pipe);
  EXPECT_THAT(TokensSeen(/*waits=*/1, /*room=*/8), ElementsAre(2, 10, 11, 12));
  EXPECT_THAT(TokensSeen(/*waits=*/4, /*room=*/1), ElementsAre(2, 10, 11, 12));
  EXPECT_EQ(Look().size(), 4u);
}

// What is silenced until something changes is not lost when that happens.
TEST_P(HeldFileTest, WithAHangupThatNobodyAskedFor) {
  const UniqueFd socket = NewTcpSocket();
  ASSERT_THAT(poller().Add(socket.get(), kPriority, 20), IsOk());
  QuietenOthers();
  ASSERT_THAT(poller().Remove(kFreeNumber), IsOk());
  for (int i = 0; i < 2; ++i) EXPECT_THAT(Look(), IsEmpty());
  Hold();  // again: these Waits were rid of it. The next will meet it first.
  ASSERT_THAT(poller().Remove(kFreeNumber), IsOk());
  const UniqueFd peer = ConnectAndAccept(socket.get());
  SendUrgent(peer.get());
  AwaitUrgent(socket.get());
  EXPECT_THAT(TokensSeen(/*waits=*/1, /*room=*/8), ElementsAre(20));
  Drain(lives_on_.get());  // so that it does not end the next Wait
  const Waited waited = WaitOn(poller(), absl::Seconds(30));
  EXPECT_THAT(waited.events, ElementsAre(EventIs(socket.get(), 20, kPriority)));
  EXPECT_LT(waited.took, absl::Seconds(10));
}

// R9.
TEST_P(HeldFileTest, WithAWakeup) {
  ASSERT_THAT(poller().Remove(kFreeNumber), IsOk());
  QuietenOthers();
  poller().Wakeup();
  Event event;
  const auto result = LookInWant(absl::MakeSpan(&event, 1));
  ASSERT_THAT(result, IsOk());
  EXPECT_TRUE(result->woken);
  EXPECT_FALSE(WaitOn(poller(), absl::ZeroDuration()).woken);
}

// Nothing else is ready: the Wait says what it lacks, or waits.
TEST_P(HeldFileTest, WithNothingToReport) {
  ASSERT_THAT(poller().Remove(kFreeNumber), IsOk());
  QuietenOthers();
  Event event;
  const auto result = LookInWant(absl::MakeSpan(&event, 1));
  if (result.ok()) {
    EXPECT_EQ(result->count, 0u);
  } else {
    EXPECT_THAT(result.status(), HasCode(absl::StatusCode::kResourceExhausted));
  }
  EXPECT_THAT(Look(), IsEmpty());
}

// Nor is anything registered any more: Wait sleeps as it should.
TEST_P(HeldFileTest, WithNothingRegistered) {
  ASSERT_THAT(poller().Remove(kFreeNumber), IsOk());
  for (const Ends& other : others_) {
    ASSERT_THAT(poller().Remove(other.get()), IsOk());
  }
  tests::ScopedDescriptorLimit limit(tests::LowestFreeFd());
  for (int i = 0; i < 3; ++i) ExpectQuiet(poller(), absl::Milliseconds(50));
}

ISOPOLL_ON_EVERY_KIND(HeldFileTest);

}  // namespace
}  // namespace isopoll
