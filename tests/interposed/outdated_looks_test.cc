// R7: looks that another thread's changes outdate do not hold a Wait up.

#include <cstddef>
#include <list>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
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

using testing::ElementsAre;

class OutdatedLooksTest : public PollerTest {
 protected:
  // So many that a look gives up the lock.
  OutdatedLooksTest() {
    for (Token token = 0; token < 100; ++token) {
      pipes_.push_back(token == 0 ? NewReadablePipe() : NewPipe());
      EXPECT_THAT(poller().Add(pipes_.back().get(), kReadable, token), IsOk());
    }
  }

  // Waits, while another thread modifies the one that is ready after each
  // kernel call. Expects few calls, and that the Wait reports it.
  void ExpectFewLooks(absl::Duration timeout) {
    SCOPED_TRACE(timeout);
    constexpr int kMany = 50;
    const int ready = pipes_.front().get();
    int looks = 0;
    Waited waited;
    {
      std::list<tests::BackgroundCall> calls;
      tests::CallHooks hooks({}, [&](const tests::KernelCall& call) {
        if (call.kind != tests::KernelCall::Kind::kWait) return;
        if (++looks > kMany) return;  // so that it ends
        calls.emplace_back(
            [&, token = Token{1000} + static_cast<Token>(looks)] {
              EXPECT_THAT(poller().Modify(ready, kReadable, token), IsOk());
            });
        EXPECT_TRUE(calls.back().AwaitSleep(kBound));
      });
      waited = WaitOn(poller(), timeout);
    }
    EXPECT_LT(looks, 10);
    ASSERT_EQ(waited.events.size(), 1u);
    EXPECT_EQ(waited.events[0].fd(), ready);
  }

 private:
  std::vector<Ends> pipes_;
};

TEST_P(OutdatedLooksTest, WithoutSleep) {
  ExpectFewLooks(absl::ZeroDuration());
}

TEST_P(OutdatedLooksTest, WithADeadline) {
  ExpectFewLooks(absl::Milliseconds(1));
  ExpectFewLooks(absl::Seconds(5));
}

INSTANTIATE_TEST_SUITE_P(Interposed, OutdatedLooksTest,
                         testing::ValuesIn(tests::SupportedKinds()),
                         KindTestName);

}  // namespace
}  // namespace isopoll
