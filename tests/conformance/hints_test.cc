// R16: hints ride on events. Exact, they are poll(2)'s; else never more.

#include <cerrno>
#include <memory>
#include <ostream>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "net/internal/sys.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::SizeIs;

struct Hints {
  bool hangup = false;
  bool read_closed = false;
  bool error = false;
};

bool operator==(const Hints& a, const Hints& b) {
  return a.hangup == b.hangup && a.read_closed == b.read_closed &&
         a.error == b.error;
}

std::ostream& operator<<(std::ostream& out, const Hints& hints) {
  return out << "hangup " << hints.hangup << ", read_closed "
             << hints.read_closed << ", error " << hints.error;
}

constexpr Hints kNoHints = {false, false, false};
constexpr Hints kReadClosed = {false, true, false};
constexpr Hints kHungUp = {true, true, false};
constexpr Hints kHungUpWithError = {true, true, true};
constexpr Hints kErrorOnly = {false, false, true};

Hints HintsOf(const Event& event) {
  return {event.hangup(), event.read_closed(), event.error()};
}

// Whether `some` has nothing that `all` has not.
bool IsWithin(const Hints& some, const Hints& all) {
  return some.hangup <= all.hangup && some.read_closed <= all.read_closed &&
         some.error <= all.error;
}

class HintsTest : public PollerTest {
 protected:
  static std::unique_ptr<Poller> NewExact() {
    PollerOptions options;
    options.exact_hints = true;
    return New(options);
  }

  // Expects an event of `fd` that has exactly `hints`, whatever the interest,
  // as long as there is an event; and inexact ones, or those of a system that
  // does not tell all, to have no others.
  void ExpectHints(int fd, Hints hints) {
    const std::unique_ptr<Poller> exact = NewExact();
    int events = 0;
    for (Interest interest : EveryInterest()) {
      SCOPED_TRACE(interest);
      ASSERT_THAT(exact->Add(fd, interest, 1), IsOk());
      for (const Event& event : Look(*exact)) {
        ++events;
        ExpectExact(event, hints);
      }
      ASSERT_THAT(exact->Remove(fd), IsOk());
      ExpectNoFalseHints(fd, interest, hints);
    }
    EXPECT_GT(events, 0);
  }

  static void ExpectExact(const Event& event, const Hints& hints) {
    if (kPollTellsAllHints) {
      EXPECT_EQ(HintsOf(event), hints) << event;
    } else {
      EXPECT_TRUE(IsWithin(HintsOf(event), hints)) << event;
    }
  }

 private:
  void ExpectNoFalseHints(int fd, Interest interest, Hints hints) {
    ASSERT_THAT(poller().Add(fd, interest, 1), IsOk());
    for (const Event& event : Look()) {
      EXPECT_TRUE(IsWithin(HintsOf(event), hints)) << event;
    }
    ASSERT_THAT(poller().Remove(fd), IsOk());
  }
};

TEST_P(HintsTest, None) {
  ExpectHints(NewTcp().get(), kNoHints);
  ExpectHints(NewSocketPair().get(), kNoHints);
  ExpectHints(NewReadablePipe().get(), kNoHints);
  ExpectHints(NewPipeWriter().get(), kNoHints);
}

TEST_P(HintsTest, PeerHasFinishedSending) {
  Ends tcp = NewTcp();
  ASSERT_EQ(sys::Shutdown(tcp.peer.get(), SHUT_WR), 0);
  Await(tcp.get(), POLLIN);
  ExpectHints(tcp.get(), kReadClosed);
}

TEST_P(HintsTest, PeerHasFinishedSendingWithDataUnread) {
  Ends tcp = NewTcp();
  Feed(tcp);
  ASSERT_EQ(sys::Shutdown(tcp.peer.get(), SHUT_WR), 0);
  Await(tcp.get(), kPeerFinished);
  ExpectHints(tcp.get(), kReadClosed);
  EXPECT_EQ(Drain(tcp.get()), 1u);
  ExpectHints(tcp.get(), kReadClosed);
}

TEST_P(HintsTest, WeHaveFinishedSending) {
  Ends tcp = NewTcp();
  ASSERT_EQ(sys::Shutdown(tcp.get(), SHUT_WR), 0);
  ExpectHints(tcp.get(), kNoHints);
}

TEST_P(HintsTest, WeHaveFinishedReading) {
  Ends tcp = NewTcp();
  ASSERT_EQ(sys::Shutdown(tcp.get(), SHUT_RD), 0);
  ExpectHints(tcp.get(), kReadClosed);
}

TEST_P(HintsTest, BothHaveFinished) {
  Ends tcp = NewTcp();
  ASSERT_EQ(sys::Shutdown(tcp.get(), SHUT_WR), 0);
  ASSERT_EQ(sys::Shutdown(tcp.peer.get(), SHUT_WR), 0);
  Await(tcp.get(), POLLHUP);
  ExpectHints(tcp.get(), kHungUp);
}

TEST_P(HintsTest, PeerIsGone) {
  ExpectHints(NewHungUpSocket().get(), kHungUp);
  ExpectHints(NewHungUpPipe().get(), kHungUp);
}

TEST_P(HintsTest, PeerIsGoneWithDataUnread) {
  Ends pipe = NewReadablePipe();
  pipe.peer.reset();
  ExpectHints(pipe.get(), kHungUp);
  EXPECT_EQ(Drain(pipe.get()), 1u);
}

TEST_P(HintsTest, ReaderOfAPipeIsGone) {
  if (!kWatchesFiles) GTEST_SKIP() << "only sockets can be watched here";
  Ends pipe = NewPipeWriter();
  pipe.peer.reset();
  ExpectHints(pipe.get(), kErrorOnly);
}

TEST_P(HintsTest, Reset) {
  UniqueFd tcp = NewResetTcp();
  ExpectHints(tcp.get(), kHungUpWithError);
  if (!kPollLeavesErrors) GTEST_SKIP() << "poll has taken the error";
  EXPECT_EQ(TakeError(tcp.get()), ECONNRESET);
}

TEST_P(HintsTest, ConnectHasFailed) {
  UniqueFd nobody = NewBoundTcpSocket();
  UniqueFd client = NewConnectionTo(nobody.get());
  Await(client.get(), kFailed);
  ExpectHints(client.get(), kHungUpWithError);
  EXPECT_EQ(TakeError(client.get()), ECONNREFUSED);
}

TEST_P(HintsTest, DatagramWasRefused) {
  Ends udp = NewRefusedUdp();
  ExpectHints(udp.get(), kErrorOnly);
  if (!kRefusedUdp.readable()) GTEST_SKIP() << "nothing shows it here";
  char byte;
  EXPECT_EQ(sys::Recv(udp.get(), &byte, 1), -1);
  EXPECT_EQ(errno, ECONNREFUSED);
}

// Each event of a Wait has the hints of its own descriptor.
TEST_P(HintsTest, OfManyAtOnce) {
  const std::unique_ptr<Poller> exact = NewExact();
  Ends idle = NewTcp();
  UniqueFd hung_up = NewHungUpSocket();
  UniqueFd reset = NewResetTcp();
  std::vector<int> fds = {idle.get(), hung_up.get(), reset.get()};
  const std::vector<UniqueFd> files = NewAlwaysReadyFiles();
  for (const UniqueFd& file : files) fds.push_back(file.get());
  for (int fd : fds) ASSERT_THAT(exact->Add(fd, kAll, fd), IsOk());
  const std::vector<Event> events = Look(*exact);
  EXPECT_THAT(events, SizeIs(fds.size()));
  for (const Event& event : events) {
    const Hints expected = event.fd() == hung_up.get() ? kHungUp
                           : event.fd() == reset.get() ? kHungUpWithError
                                                       : kNoHints;
    ExpectExact(event, expected);
  }
}

ISOPOLL_ON_EVERY_KIND(HintsTest);

}  // namespace
}  // namespace isopoll
