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
#include "net/unique_fd.h"
#include "poller/backend.h"
#include "poller/interest.h"
#include "poller/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
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
  // How late a Wait tells of an urgent byte on a socket that was hung up for
  // Linux, as it never was connected, when the Wait began.
  static absl::Duration Delay() {
    const UniqueFd socket = NewTcpSocket();
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
    const UniqueFd peer = ConnectAndAccept(socket.get());
    const absl::Time sent = SteadyNow();
    SendUrgent(peer.get());
    sleeper.join();
    return told - sent;
  }
};

TEST_P(MutedTest, ReadinessIsToldAtOnce) {
  std::vector<absl::Duration> delays;
  for (int i = 0; i < 9; ++i) delays.push_back(Delay());
  std::sort(delays.begin(), delays.end());
  EXPECT_LT(delays[delays.size() / 2], absl::Milliseconds(5));
}

INSTANTIATE_TEST_SUITE_P(Conformance, MutedTest,
                         testing::ValuesIn(tests::SupportedKinds()),
                         KindTestName);

}  // namespace
}  // namespace isopoll
