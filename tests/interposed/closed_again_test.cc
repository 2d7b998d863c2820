// R12: what this very Wait has reported is closed before its next round.

#include <memory>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/interposed/kernel_calls.h"
#include "tests/support/poller_kind.h"

namespace isopoll {
namespace {

using testing::ElementsAre;

class ClosedAgainTest : public PollerTest {};

// A hangup that nobody asked for takes a place in the first round, so that
// there may be a second. Another number keeps the file that is closed.
TEST_P(ClosedAgainTest, WaitReturns) {
  PollerOptions options;
  options.check_closed = true;
  const std::unique_ptr<Poller> poller = New(options);
  const UniqueFd hung_up = NewHungUpPipe();
  const Ends pipe = NewReadablePipe();
  UniqueFd fd = DuplicateTo(pipe.get());
  ASSERT_THAT(poller->Add(hung_up.get(), kWritable, 1), IsOk());
  ASSERT_THAT(poller->Add(kFreeNumber, kReadable, 2), IsOk());

  constexpr int kManyRounds = 1000;
  int rounds = 0;
  std::vector<Event> events;
  {
    tests::CallHooks hooks(
        [&](const tests::KernelCall& call) {
          if (call.kind != tests::KernelCall::Kind::kWait) return 0;
          ++rounds;
          if (rounds == 2) fd.reset();
          if (rounds == kManyRounds) fd = DuplicateTo(pipe.get());  // ends it
          return 0;
        },
        {});
    events = Look(*poller, /*room=*/2);
  }
  EXPECT_LT(rounds, 10);
  EXPECT_THAT(events, ElementsAre(EventIs(kFreeNumber, 2, kReadable)));
  fd.reset();
  EXPECT_THAT(Look(*poller), ElementsAre(ClosedEventIs(kFreeNumber, 2)));
}

INSTANTIATE_TEST_SUITE_P(Interposed, ClosedAgainTest,
                         testing::ValuesIn(tests::SupportedKinds()),
                         KindTestName);

}  // namespace
}  // namespace isopoll
