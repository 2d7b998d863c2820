// How often a Wait asks the kernel, and how much it shows to it.

#include "tests/interposed/kernel_calls.h"

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/poller_kind.h"

namespace isopoll {
namespace {

using testing::IsEmpty;

// The calls that one Wait makes in this thread.
std::vector<tests::KernelCall> CallsOf(Poller& poller, absl::Duration timeout) {
  std::vector<tests::KernelCall> calls;
  tests::CallHooks hooks(
      {}, [&](const tests::KernelCall& call) { calls.push_back(call); });
  EXPECT_THAT(WaitOn(poller, timeout).events, IsEmpty());
  return calls;
}

// Each sleep is half of what is left: 3 s, 1.5 s, 1 s and 0.5 s. All at once,
// since it takes long.
TEST(KernelCallsTest, ALongWaitMakesFew) {
  std::vector<std::thread> threads;
  for (const tests::PollerKind& kind : tests::SupportedKinds()) {
    threads.emplace_back([kind] {
      const Ends pipe = NewPipe();
      const std::unique_ptr<Poller> poller = NewPoller(kind);
      EXPECT_THAT(poller->Add(pipe.get(), kReadable, 1), IsOk());
      EXPECT_THAT(CallsOf(*poller, absl::Seconds(6)).size(), testing::Le(4u))
          << kind.name;
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// select pays for numbers up to the highest, and only while it is registered.
TEST(KernelCallsTest, AHighNumberCostsNothingOnceItIsRemoved) {
  const Ends pipe = NewPipe();
  const std::unique_ptr<Poller> poller = NewPoller(Backend::kSelect);
  ASSERT_THAT(poller->Add(pipe.get(), kReadable, 1), IsOk());
  const auto fd_count = [&] {
    return CallsOf(*poller, absl::ZeroDuration()).at(0).fd_count;
  };
  const int before = fd_count();
  for (bool park_first : {false, true}) {
    const int high = 19999;
    const UniqueFd duplicate = DuplicateTo(pipe.get(), high);
    ASSERT_THAT(poller->Add(high, kReadable, 2), IsOk());
    EXPECT_GT(fd_count(), high);
    if (park_first) {
      ASSERT_THAT(poller->Modify(high, kNone, 2), IsOk());
      EXPECT_EQ(fd_count(), before);
    }
    ASSERT_THAT(poller->Remove(high), IsOk());
    EXPECT_EQ(fd_count(), before);
  }
}

}  // namespace
}  // namespace isopoll
