// R16: hints ride on events. Exact, they are poll(2)'s; else never more.

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <ostream>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/unique_fd.h"
#include "poller/event.h"
#include "poller/interest.h"
#include "poller/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/descriptor_limit.h"

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

int TakeError(int fd) {
  int error = -1;
  socklen_t length = sizeof(error);
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
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
  ExpectHints(NewUnixSocket().get(), kNoHints);
  ExpectHints(NewReadablePipe().get(), kNoHints);
  ExpectHints(NewPipeWriter().get(), kNoHints);
}

TEST_P(HintsTest, PeerHasFinishedSending) {
  Ends tcp = NewTcp();
  ASSERT_EQ(::shutdown(tcp.peer.get(), SHUT_WR), 0);
  Await(tcp.get(), POLLIN);
  ExpectHints(tcp.get(), kReadClosed);
}

TEST_P(HintsTest, PeerHasFinishedSendingWithDataUnread) {
  Ends tcp = NewTcp();
  Write(tcp.peer.get());
  ASSERT_EQ(::shutdown(tcp.peer.get(), SHUT_WR), 0);
  Await(tcp.get(), kPeerFinished);
  ExpectHints(tcp.get(), kReadClosed);
  EXPECT_EQ(Drain(tcp.get()), 1u);
  ExpectHints(tcp.get(), kReadClosed);
}

TEST_P(HintsTest, WeHaveFinishedSending) {
  Ends tcp = NewTcp();
  ASSERT_EQ(::shutdown(tcp.get(), SHUT_WR), 0);
  ExpectHints(tcp.get(), kNoHints);
}

TEST_P(HintsTest, WeHaveFinishedReading) {
  Ends tcp = NewTcp();
  ASSERT_EQ(::shutdown(tcp.get(), SHUT_RD), 0);
  ExpectHints(tcp.get(), kReadClosed);
}

TEST_P(HintsTest, BothHaveFinished) {
  Ends tcp = NewTcp();
  ASSERT_EQ(::shutdown(tcp.get(), SHUT_WR), 0);
  ASSERT_EQ(::shutdown(tcp.peer.get(), SHUT_WR), 0);
  Await(tcp.get(), POLLHUP);
  ExpectHints(tcp.get(), kHungUp);
}

TEST_P(HintsTest, PeerIsGone) {
  ExpectHints(NewHungUpUnixSocket().get(), kHungUp);
  ExpectHints(NewHungUpPipe().get(), kHungUp);
}

TEST_P(HintsTest, PeerIsGoneWithDataUnread) {
  Ends pipe = NewReadablePipe();
  pipe.peer.reset();
  ExpectHints(pipe.get(), kHungUp);
  EXPECT_EQ(Drain(pipe.get()), 1u);
}

TEST_P(HintsTest, ReaderOfAPipeIsGone) {
  Ends pipe = NewPipeWriter();
  pipe.peer.reset();
  ExpectHints(pipe.get(), kErrorOnly);
}

TEST_P(HintsTest, Reset) {
  UniqueFd tcp = NewResetTcp();
  ExpectHints(tcp.get(), kHungUpWithError);
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
  char byte;
  EXPECT_EQ(::recv(udp.get(), &byte, 1, MSG_DONTWAIT), -1);
  EXPECT_EQ(errno, ECONNREFUSED);
}

// Each event of a Wait has the hints of its own descriptor.
TEST_P(HintsTest, OfManyAtOnce) {
  const std::unique_ptr<Poller> exact = NewExact();
  Ends idle = NewTcp();
  UniqueFd hung_up = NewHungUpUnixSocket();
  UniqueFd reset = NewResetTcp();
  UniqueFd file = NewRegularFile();
  for (int fd : {idle.get(), hung_up.get(), reset.get(), file.get()}) {
    ASSERT_THAT(exact->Add(fd, kAll, fd), IsOk());
  }
  const std::vector<Event> events = Look(*exact);
  EXPECT_THAT(events, SizeIs(4));
  for (const Event& event : events) {
    const Hints expected = event.fd() == hung_up.get() ? kHungUp
                           : event.fd() == reset.get() ? kHungUpWithError
                                                       : kNoHints;
    ExpectExact(event, expected);
  }
}

// poll(2) takes no more descriptors at once than RLIMIT_NOFILE.
TEST_P(HintsTest, OfMoreThanThereMayBeDescriptors) {
  const std::unique_ptr<Poller> exact = NewExact();
  std::vector<UniqueFd> pipes;
  for (Token token = 0; token < 16; ++token) {
    pipes.push_back(NewHungUpPipe());
    ASSERT_THAT(exact->Add(pipes.back().get(), kReadable, token), IsOk());
  }
  EXPECT_THAT(Look(*exact), SizeIs(16));
  std::vector<Event> events(16);
  absl::StatusOr<WaitResult> result = WaitResult();
  {
    tests::ScopedDescriptorLimit limit(8);
    result = exact->Wait(absl::MakeSpan(events), absl::ZeroDuration());
  }
  if (absl::IsResourceExhausted(result.status())) {
    GTEST_SKIP() << "the kernel refuses to look: " << result.status();
  }
  ASSERT_THAT(result.status(), IsOk());
  ASSERT_EQ(result->count, 16u);
  for (const Event& event : events) EXPECT_EQ(HintsOf(event), kHungUp) << event;
}

ISOPOLL_ON_EVERY_KIND(HintsTest);

}  // namespace
}  // namespace isopoll
