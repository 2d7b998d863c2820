#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <memory>

#include "echo/signals.h"
#include "gtest/gtest.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"
#include "tests/echo/support/running_server.h"
#include "tests/support/poller_kind.h"

namespace isopoll::echo {
namespace {

class SignalsTest : public EachKind {};
INSTANTIATE_TEST_SUITE_P(, SignalsTest, AllKinds(), NameOfKind);

void ExpectToStop(const tests::PollerKind& kind, int signal) {
  RunningServer running(kind);
  StopOnSignal stop_on_signal(running.server());
  running.Start();
  Peer peer(running.address());
  peer.Send("x");
  EXPECT_EQ(peer.Receive(1), "x");
  ASSERT_EQ(::kill(::getpid(), signal), 0);
  EXPECT_TRUE(running.Join().ok());
  EXPECT_EQ(peer.ReceiveAll(), "");
}

TEST_P(SignalsTest, InterruptStopsTheServer) {
  ExpectToStop(GetParam(), SIGINT);
}

TEST_P(SignalsTest, TerminateStopsTheServer) {
  ExpectToStop(GetParam(), SIGTERM);
}

TEST_P(SignalsTest, SignalBeforeRunIsNotForgotten) {
  RunningServer running(GetParam());
  StopOnSignal stop_on_signal(running.server());
  ::raise(SIGTERM);
  running.Start();
  EXPECT_TRUE(running.Join().ok());
}

TEST_P(SignalsTest, TheFirstSignalDoesNotEndTheProcess) {
  RunningServer running(GetParam());
  EXPECT_EXIT(
      {
        StopOnSignal stop_on_signal(running.server());
        ::raise(SIGINT);
        ::_exit(7);
      },
      testing::ExitedWithCode(7), "");
}

TEST_P(SignalsTest, TheSecondSignalDoes) {
  RunningServer running(GetParam());
  EXPECT_EXIT(
      {
        StopOnSignal stop_on_signal(running.server());
        ::raise(SIGINT);
        ::raise(SIGTERM);
        ::_exit(7);
      },
      testing::KilledBySignal(SIGTERM), "");
}

TEST_P(SignalsTest, PutsBackWhatWasThereBefore) {
  RunningServer running(GetParam());
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  struct sigaction before;
  ASSERT_EQ(::sigaction(SIGINT, &ignore, &before), 0);
  { StopOnSignal stop_on_signal(running.server()); }
  struct sigaction after;
  ASSERT_EQ(::sigaction(SIGINT, &before, &after), 0);
  EXPECT_EQ(after.sa_handler, SIG_IGN);
}

}  // namespace
}  // namespace isopoll::echo
