// R2: what hears of nothing but a hangup that nobody asked for hears at once
// when it becomes ready.

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/poller_kind.h"

namespace isopoll {
namespace {

using testing::ElementsAre;

absl::Time SteadyNow() {
  return absl::UnixEpoch() +
         absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

class MutedTest : public testing::TestWithParam<tests::PollerKind> {
 protected:
  // How late a Wait tells of an urgent byte. If `muted` the socket was hung up
  // for Linux, as it never was connected, when the Wait began.
  static absl::Duration Delay(bool muted) {
    const UniqueFd socket = NewTcpSocket();
    UniqueFd peer;
    if (!muted) peer = ConnectAndAccept(socket.get());
    const std::unique_ptr<Poller> poller = NewPoller(GetParam());
    EXPECT_THAT(poller->Add(socket.get(), kPriority, 1), IsOk());
    absl::Time told;
    std::thread sleeper([&] {
      EXPECT_THAT(WaitOn(*poller, kBound).events,
                  ElementsAre(EventIs(socket.get(), 1, kPriority)));
      told = SteadyNow();
    });
    // It looks seldom by then, if it looks at all.
    ExpectQuiet(*NewPoller(DefaultBackend()), absl::Milliseconds(150));
    if (muted) peer = ConnectAndAccept(socket.get());
    const absl::Time sent = SteadyNow();
    SendUrgent(peer.get());
    sleeper.join();
    return told - sent;
  }
};

absl::Duration Median(std::vector<absl::Duration> durations) {
  std::sort(durations.begin(), durations.end());
  return durations[durations.size() / 2];
}

TEST_P(MutedTest, ReadinessIsToldAtOnce) {
  std::vector<absl::Duration> muted, ordinary;
  for (int i = 0; i < 9; ++i) {
    muted.push_back(Delay(/*muted=*/true));
    ordinary.push_back(Delay(/*muted=*/false));
  }
  // A busy machine lets either wait for a processor.
  EXPECT_LT(Median(muted),
            2 * Median(ordinary) + absl::Milliseconds(5) + kShortSleep);
}

INSTANTIATE_TEST_SUITE_P(Conformance, MutedTest,
                         testing::ValuesIn(tests::SupportedKinds()),
                         KindTestName);

}  // namespace
}  // namespace isopoll
