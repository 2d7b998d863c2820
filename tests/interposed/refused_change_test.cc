// A change that the kernel refuses while it is put into effect, in a Wait, is
// no matter of the other registrations. epoll.

#include <cerrno>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/interposed/kernel_calls.h"
#include "tests/support/poller_kind.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The errno that epoll_ctl fails with: no more watches, no more memory.
class RefusedChangeTest : public testing::TestWithParam<int> {
 protected:
  RefusedChangeTest() {
    EXPECT_THAT(poller_->Add(refused_.get(), kReadable, 1), IsOk());
    EXPECT_THAT(poller_->Add(other_.get(), kReadable, 2), IsOk());
    EXPECT_THAT(Look(*poller_), IsEmpty());
    EXPECT_THAT(poller_->Modify(refused_.get(), kReadable | kWritable, 3),
                IsOk());
  }

  // One Wait, in which the kernel refuses the change.
  absl::StatusOr<WaitResult> WaitRefused(
      absl::Duration timeout = absl::ZeroDuration()) {
    tests::CallHooks hooks(
        [&](const tests::KernelCall& call) {
          return call.kind == tests::KernelCall::Kind::kChange &&
                         call.fd == refused_.get()
                     ? GetParam()
                     : 0;
        },
        {});
    return poller_->Wait(absl::MakeSpan(events_), timeout);
  }

  // The kernel has changed its mind.
  void ExpectChangeInEffect() {
    EXPECT_THAT(Look(*poller_),
                testing::Contains(EventIs(refused_.get(), 3, kWritable)));
  }

  std::unique_ptr<Poller> poller_ = NewPoller(Backend::kEpoll);
  Ends refused_ = NewSocketPair();
  Ends other_ = NewPipe();
  Event events_[4];
};

TEST_P(RefusedChangeTest, OthersAreReported) {
  Write(other_.peer.get());
  for (int i = 0; i < 3; ++i) {
    const absl::StatusOr<WaitResult> result = WaitRefused();
    ASSERT_THAT(result.status(), IsOk());
    EXPECT_THAT(absl::MakeSpan(events_, result->count),
                ElementsAre(EventIs(other_.get(), 2, kReadable)));
  }
  ExpectChangeInEffect();
}

TEST_P(RefusedChangeTest, WakeupIsTold) {
  poller_->Wakeup();
  const absl::StatusOr<WaitResult> result = WaitRefused();
  ASSERT_THAT(result.status(), IsOk());
  EXPECT_TRUE(result->woken);
  EXPECT_EQ(result->count, 0u);
  ExpectChangeInEffect();
}

TEST_P(RefusedChangeTest, IsTheErrorOfAWaitWithNothingElse) {
  for (absl::Duration timeout :
       {absl::ZeroDuration(), absl::Seconds(1), absl::InfiniteDuration()}) {
    EXPECT_THAT(WaitRefused(timeout).status(),
                HasCode(absl::StatusCode::kResourceExhausted));
  }
  ExpectChangeInEffect();
}

INSTANTIATE_TEST_SUITE_P(Interposed, RefusedChangeTest,
                         testing::Values(ENOSPC, ENOMEM));

}  // namespace
}  // namespace isopoll
