// Whom the datagram service does not answer, lest two services talk for ever.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "echo/service/options.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/net/datagram.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/sys.h"
#include "tests/echo/support/running_server.h"
#include "tests/net/testing.h"

namespace isopoll::echo {
namespace {

void SendTo(const UniqueFd& fd, const SocketAddress& server,
            absl::string_view data) {
  EXPECT_EQ(*SendDatagram(fd.get(), data, &server), Sent::kYes);
}

std::string ReceiveFrom(const UniqueFd& fd) {
  if (!Await(fd.get(), POLLIN)) return "nothing";
  char buffer[100];
  const auto datagram = *ReceiveDatagram(fd.get(), absl::MakeSpan(buffer));
  return std::string(buffer, datagram->bytes);
}

// A forged sender can have the port of this service, or of another like it.
TEST(DatagramServiceTest, DoesNotAnswerAPortThatItServes) {
  if (OnWine()) GTEST_SKIP() << "Wine has one loopback address";
  RunningServer running(DefaultBackend(), {}, "udp:127.0.0.1:0");
  running.Start();
  const std::string port = absl::StrCat(":", running.address().port());
  const UniqueFd twin = *BindDatagram(Address(absl::StrCat("127.0.0.2", port)));
  const UniqueFd other = *BindDatagram(Address("127.0.0.2:0"));
  SendTo(twin, running.address(), "are you me?");
  SendTo(other, running.address(), "hello");
  EXPECT_EQ(ReceiveFrom(other), "hello");
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().datagrams_unanswerable, 1);
  EXPECT_EQ(running.stats().datagrams_sent, 1);
}

TEST(DatagramServiceTest, SendsTheSameBackOnlySoOftenInASecond) {
  ServerOptions options;
  options.datagram_rate = 5;
  RunningServer running(DefaultBackend(), options, "udp:127.0.0.1:0");
  running.Start();
  const UniqueFd busy = *BindDatagram(Address("127.0.0.1:0"));
  for (int i = 0; i < 50; ++i) SendTo(busy, running.address(), "x");
  const UniqueFd other = *BindDatagram(Address("127.0.0.1:0"));
  SendTo(other, running.address(), "hello");
  EXPECT_EQ(ReceiveFrom(other), "hello");
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_GE(running.stats().datagrams_limited, 30);
  EXPECT_EQ(running.stats().datagrams_limited + running.stats().datagrams_sent,
            51);
}

// However many, as of a load: what goes round between two services is the same.
TEST(DatagramServiceTest, SendsBackWhatIsNew) {
  ServerOptions options;
  options.datagram_rate = 5;
  RunningServer running(DefaultBackend(), options, "udp:127.0.0.1:0");
  running.Start();
  const UniqueFd busy = *BindDatagram(Address("127.0.0.1:0"));
  for (int i = 0; i < 500; ++i) {
    SendTo(busy, running.address(), absl::StrCat("number ", i));
    ASSERT_EQ(ReceiveFrom(busy), absl::StrCat("number ", i));
  }
}

// Somebody has made two services talk, with so many datagrams at a time that
// some share a place among those that the service remembers. This test is the
// other one.
TEST(DatagramServiceTest, WhatGoesRoundComesToAnEnd) {
  ServerOptions options;
  options.datagram_rate = 10;  // so few as any machine does in a second
  RunningServer running(DefaultBackend(), options, "udp:127.0.0.1:0");
  running.Start();
  const UniqueFd other = *BindDatagram(Address("127.0.0.1:0"));
  for (int i = 0; i < 200; ++i) {
    SendTo(other, running.address(), absl::StrCat("number ", i));
  }
  int rounds = 0;
  while (rounds < 10000 &&
         sys::PollOne(other.get(), POLLIN, /*milliseconds=*/500) == 1) {
    SendTo(other, running.address(), ReceiveFrom(other));
    ++rounds;
  }
  EXPECT_LT(rounds, 10000) << "it goes on for ever";
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_GE(running.stats().datagrams_limited, 1);
}

}  // namespace
}  // namespace isopoll::echo
