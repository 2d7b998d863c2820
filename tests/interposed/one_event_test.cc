// R4: one Wait of several looks reports one fd once, though it is removed and
// added again between them.

#include <cstddef>
#include <list>
#include <set>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/interposed/kernel_calls.h"
#include "tests/support/background_call.h"
#include "tests/support/poller_kind.h"

namespace isopoll {
namespace {

class OneEventTest : public PollerTest {};

TEST_P(OneEventTest, ForAnFdRemovedAndAddedAgain) {
  // So many that a look gives up the lock.
  std::vector<Ends> pipes;
  for (Token token = 0; token < 100; ++token) {
    pipes.push_back(token < 2 ? NewReadablePipe() : NewPipe());
    ASSERT_THAT(poller().Add(pipes.back().get(), kReadable, token), IsOk());
  }
  const int added_again = pipes[0].get();
  const int modified = pipes[1].get();

  int looks = 0;
  std::vector<Event> events;
  {
    std::list<tests::BackgroundCall> calls;
    tests::CallHooks hooks({}, [&](const tests::KernelCall& call) {
      if (call.kind != tests::KernelCall::Kind::kWait || ++looks > 5) return;
      // Outdates this look, which reports the other fd, so that there is one
      // more.
      calls.emplace_back([&, token = Token{1000} + static_cast<Token>(looks)] {
        EXPECT_THAT(poller().Modify(modified, kReadable, token), IsOk());
      });
      EXPECT_TRUE(calls.back().AwaitSleep(kBound));
      if (looks != 2) return;
      calls.emplace_back([&] {
        EXPECT_THAT(poller().Remove(added_again), IsOk());
        EXPECT_THAT(poller().Add(added_again, kReadable, 77), IsOk());
      });
      EXPECT_TRUE(calls.back().AwaitSleep(kBound));
    });
    events = Look();
  }
  std::multiset<int> fds;
  for (const Event& event : events) fds.insert(event.fd());
  EXPECT_EQ(fds.count(added_again), 1u);
  EXPECT_LE(fds.count(modified), 1u);
}

INSTANTIATE_TEST_SUITE_P(Interposed, OneEventTest,
                         testing::ValuesIn(tests::SupportedKinds()),
                         KindTestName);

}  // namespace
}  // namespace isopoll
