// The echo client against servers good and bad, on every backend.

#include "echo/load/client.h"

#include <sys/socket.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/socket.h"
#include "tests/echo/support/bad_server.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"
#include "tests/echo/support/running_server.h"

namespace isopoll::echo {
namespace {

using ::testing::HasSubstr;

class ClientTest : public EachBackend {
 protected:
  ClientTest() {
    PollerOptions options;
    options.backend = GetParam();
    poller_ = *Poller::Create(options);
    options_.messages = {"hello"};
  }

  absl::StatusOr<ClientReport> RunOn(const SocketAddress& server) {
    absl::StatusOr<ClientReport> report = RunClient(*poller_, server, options_);
    EXPECT_EQ(poller_->size(), 0) << "registrations are left";
    return report;
  }
  absl::Status RunOnBadServer(std::function<void(int fd)> behave) {
    const BadServer server(std::move(behave));
    absl::Status status = RunOn(server.address()).status();
    over_.Notify();
    return status;
  }
  // For a bad server that does not close.
  void HoldOn() { over_.WaitForNotification(); }

  std::unique_ptr<Poller> poller_;
  ClientOptions options_;
  absl::Notification over_;
};

INSTANTIATE_TEST_SUITE_P(, ClientTest, AllBackends(), NameOfBackend);

TEST_P(ClientTest, FindsThatAGoodServerEchoes) {
  RunningServer running(GetParam());
  running.Start();
  options_.connections = 3;
  options_.messages = {"This is ", "", "a message", ""};
  const absl::StatusOr<ClientReport> report = RunOn(running.address());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->connections, 3);
  EXPECT_EQ(report->bytes_echoed, 3 * 17);
}

TEST_P(ClientTest, NeedsNothingToSay) {
  RunningServer running(GetParam());
  running.Start();
  options_.messages = {};
  EXPECT_EQ(RunOn(running.address())->bytes_echoed, 0);
  options_.messages = {""};
  EXPECT_EQ(RunOn(running.address())->bytes_echoed, 0);
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(running.stats().finished, 2);
}

TEST_P(ClientTest, SendsMoreThanAnyBufferHolds) {
  RunningServer running(GetParam());
  running.Start();
  options_.connections = 3;
  options_.timeout = absl::Minutes(1);
  options_.messages = {Pattern(8 << 20), "and a little more"};
  const absl::StatusOr<ClientReport> report = RunOn(running.address());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->bytes_echoed, 3 * ((8 << 20) + 17));
}

TEST_P(ClientTest, OpensManyConnectionsAtOnce) {
  AllowManyDescriptors();
  RunningServer running(GetParam());
  running.Start();
  options_.connections = 500;
  options_.timeout = absl::Minutes(1);
  options_.messages = {Pattern(1000), Pattern(100)};
  const absl::StatusOr<ClientReport> report = RunOn(running.address());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(running.Stop().ok());
  EXPECT_EQ(ToString(running.stats()),
            "accepted 500 finished 500 reset 0 failed 0 stopped 0 received "
            "550000 sent 550000");
}

TEST_P(ClientTest, SeesAWrongByte) {
  const absl::Status status = RunOnBadServer([&](int fd) {
    ReceiveFrom(fd, 5);
    SendTo(fd, "heLlo");
    HoldOn();
  });
  EXPECT_EQ(status, absl::DataLossError("connection 1: byte 2 came back as "
                                        "'L', not as 'l'"));
}

TEST_P(ClientTest, SeesAWrongByteInALaterMessage) {
  options_.messages = {"abc", "def"};
  const absl::Status status = RunOnBadServer([&](int fd) {
    SendTo(fd, ReceiveFrom(fd, 3));
    ReceiveFrom(fd, 3);
    SendTo(fd, "de");
    SendTo(fd, std::string(1, '\0'));
    HoldOn();
  });
  EXPECT_EQ(status, absl::DataLossError("connection 1: byte 5 came back as "
                                        "'\\x00', not as 'f'"));
}

TEST_P(ClientTest, SeesAMissingByte) {
  const absl::Status status = RunOnBadServer([&](int fd) {
    ReceiveFrom(fd, 5);
    SendTo(fd, "hell");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(status.message(), HasSubstr("closed after 4 bytes"));
}

TEST_P(ClientTest, SeesAByteTooMany) {
  const absl::Status status = RunOnBadServer([&](int fd) {
    ReceiveFrom(fd, 5);
    SendTo(fd, "hello!");
    HoldOn();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(status.message(), HasSubstr("where only 5 were expected"));
}

TEST_P(ClientTest, SeesAByteThatWasNotAskedFor) {
  options_.messages = {};
  const absl::Status status = RunOnBadServer([&](int fd) {
    SendTo(fd, "!");
    HoldOn();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
}

TEST_P(ClientTest, SeesAServerThatGoesAway) {
  const absl::Status status = RunOnBadServer([&](int fd) {
    const linger at_once = {1, 0};
    ReceiveFrom(fd, 5);
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
}

TEST_P(ClientTest, NeverHangsOnASilentServer) {
  options_.timeout = absl::Milliseconds(50);
  const absl::Status status = RunOnBadServer([&](int /*fd*/) { HoldOn(); });
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(status.message(),
            "after 50ms 1 of 1 connections have not finished");
}

TEST_P(ClientTest, NeverHangsOnAServerThatDoesNotClose) {
  options_.timeout = absl::Milliseconds(50);
  const absl::Status status = RunOnBadServer([&](int fd) {
    SendTo(fd, ReceiveFrom(fd, 5));
    HoldOn();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded) << status;
}

TEST_P(ClientTest, ReportsThatNobodyListens) {
  UniqueFd listener = *Listen(*SocketAddress::Parse("127.0.0.1:0"));
  const SocketAddress address = *LocalAddress(listener.get());
  listener.reset();
  const absl::Status status = RunOn(address).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_THAT(status.message(), HasSubstr("connection 1: "));
}

TEST_P(ClientTest, RefusesBadOptions) {
  const SocketAddress address = *SocketAddress::Parse("127.0.0.1:1");
  options_.connections = 0;
  EXPECT_EQ(RunOn(address).status(),
            absl::InvalidArgumentError(
                "a client needs at least 1 connection, not 0"));
  options_.connections = 1;
  options_.timeout = absl::ZeroDuration();
  EXPECT_EQ(RunOn(address).status(),
            absl::InvalidArgumentError("the timeout must be positive, not 0"));
}

}  // namespace
}  // namespace isopoll::echo
