// A load on servers good and bad, over every transport, on every backend.

#include "echo/load/load_run.h"

#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "echo/load/load_options.h"
#include "echo/service/counters.h"
#include "echo/service/options.h"
#include "echo/service/server_group.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/datagram.h"
#include "net/endpoint.h"
#include "net/socket_address.h"
#include "net/unique_fd.h"
#include "poller/poller.h"
#include "tests/echo/support/bad_server.h"
#include "tests/echo/support/each_backend.h"
#include "tests/net/testing.h"

namespace isopoll::echo {
namespace {

using ::testing::HasSubstr;

class LoadRunTest : public EachBackend {
 protected:
  LoadRunTest() {
    PollerOptions options;
    options.backend = GetParam();
    poller_ = *Poller::Create(options);
    load_.timeout = absl::Seconds(30);
    load_.datagram_timeout = absl::Seconds(30);
  }

  void RunOn(const Endpoint& server) {
    ASSERT_EQ(CheckLoad(load_), absl::OkStatus());
    LoadRun run(*poller_, server, load_);
    EXPECT_EQ(run.Run(), absl::OkStatus());
    report_ = run.report();
    EXPECT_EQ(run.open(), 0);
    EXPECT_EQ(poller_->size(), 0) << "registrations are left";
  }
  // What one connection makes of a server that behaves so.
  void RunOnBad(std::function<void(int fd)> behave) {
    load_.messages = 3;
    const BadServer server(std::move(behave));
    RunOn({Transport::kTcp, server.address()});
    over_.Notify();
    EXPECT_EQ(report_.all_errors(), 1) << report_.first_error;
  }
  uint64_t Errors(LoadError error) const { return report_.error(error); }

  std::unique_ptr<Poller> poller_;
  LoadOptions load_;
  LoadReport report_;
  absl::Notification over_;
};

INSTANTIATE_TEST_SUITE_P(, LoadRunTest, AllBackends(), NameOfBackend);

// A good server on every transport.
class GoodServer {
 public:
  explicit GoodServer(Backend backend, ServerOptions server = {}) {
    GroupOptions options;
    options.backend = backend;
    options.server = server;
    group_ = *ServerGroup::Create(options);
    for (const std::string& text :
         {std::string("tcp:127.0.0.1:0"), std::string("udp:127.0.0.1:0"),
          absl::StrCat("unix:", scratch_.Path("s")),
          absl::StrCat("unix-dgram:", scratch_.Path("d"))}) {
      endpoints_.push_back(*group_->Serve(*Endpoint::Parse(text)));
    }
    thread_ = std::thread([this] { EXPECT_TRUE(group_->Run().ok()); });
  }
  ~GoodServer() { Stop(); }

  void Stop() {
    group_->Stop();
    if (thread_.joinable()) thread_.join();
  }
  const std::vector<Endpoint>& endpoints() const { return endpoints_; }
  ServerStats stats() const { return group_->stats(); }

 private:
  ScratchDirectory scratch_;
  std::unique_ptr<ServerGroup> group_;
  std::vector<Endpoint> endpoints_;
  std::thread thread_;
};

TEST_P(LoadRunTest, EveryByteComesBackOverEveryTransport) {
  GoodServer server(GetParam());
  load_.connections = 20;
  load_.messages = 30;
  load_.pipeline = 4;
  for (const Endpoint& endpoint : server.endpoints()) {
    SCOPED_TRACE(endpoint.ToString());
    RunOn(endpoint);
    EXPECT_EQ(report_.requests, 600);
    EXPECT_EQ(report_.bytes, 600 * 64);
    EXPECT_EQ(report_.latency.count(), 600);
    EXPECT_EQ(report_.connections, 20);
    EXPECT_EQ(report_.most_open, 20);
    EXPECT_EQ(report_.first_error, "");
  }
  server.Stop();
  EXPECT_EQ(server.stats().bytes_sent, 2 * 600 * 64);
  EXPECT_EQ(server.stats().datagrams_sent, 2 * 600);
}

TEST_P(LoadRunTest, SendsMoreThanAnyBufferHolds) {
  GoodServer server(GetParam());
  load_.connections = 2;
  load_.messages = 2;
  load_.pipeline = 2;
  load_.size = 4 << 20;
  RunOn(server.endpoints()[0]);
  EXPECT_EQ(report_.requests, 4);
  EXPECT_EQ(report_.first_error, "");
}

TEST_P(LoadRunTest, KeepsToItsDurationAndRate) {
  GoodServer server(GetParam());
  load_.connections = 3;
  load_.rate = 300;
  load_.duration = absl::Milliseconds(500);
  for (const Endpoint& endpoint : server.endpoints()) {
    SCOPED_TRACE(endpoint.ToString());
    RunOn(endpoint);
    // From 0 to 500 ms, one every 3.3 ms; fewer if the machine is behind.
    EXPECT_GE(report_.requests, 1);
    EXPECT_LE(report_.requests, 151);
    EXPECT_EQ(report_.first_error, "");
  }
}

TEST_P(LoadRunTest, KeepsToItsRateUntilAllIsSaid) {
  GoodServer server(GetParam());
  load_.connections = 3;
  load_.rate = 300;
  load_.messages = 20;
  RunOn(server.endpoints()[0]);
  EXPECT_EQ(report_.requests, 60);
  EXPECT_GE(report_.elapsed, absl::Seconds(59.0 / 300));
}

TEST_P(LoadRunTest, OpensConnectionsAnewAndAnew) {
  GoodServer server(GetParam());
  load_.connections = 5;
  load_.reconnect_after = 2;
  load_.duration = absl::Milliseconds(300);
  for (const Endpoint& endpoint : server.endpoints()) {
    SCOPED_TRACE(endpoint.ToString());
    RunOn(endpoint);
    EXPECT_GT(report_.connections, 10);
    EXPECT_EQ(report_.most_open, 5);
    EXPECT_EQ(report_.first_error, "");
  }
}

// A server that stalls for 300 ms once: whoever waits for each answer before
// the next request sees one slow request; whoever asks at a rate sees all that
// came too late.
TEST_P(LoadRunTest, AStallCountsForAllWhoShouldHaveAskedMeanwhile) {
  load_.messages = 40;
  load_.rate = 100;
  const BadServer server([](int fd) {
    for (int i = 0; i < 40; ++i) {
      if (i == 5) std::this_thread::sleep_for(std::chrono::milliseconds(300));
      SendTo(fd, ReceiveFrom(fd, 64));
    }
  });
  RunOn({Transport::kTcp, server.address()});
  EXPECT_EQ(report_.requests, 40);
  // Some thirty were due in the stall; those of its first half waited 150 ms.
  EXPECT_GE(report_.latency.Percentile(75), 140000000u);
}

TEST_P(LoadRunTest, SeesAWrongByte) {
  RunOnBad([&](int fd) {
    std::string data = ReceiveFrom(fd, 64);
    data[10] ^= 1;
    SendTo(fd, data);
    over_.WaitForNotification();
  });
  EXPECT_EQ(Errors(LoadError::kWrongByte), 1);
  EXPECT_EQ(report_.first_error, "connection 1: byte 10 came back wrong");
}

TEST_P(LoadRunTest, SeesASurplusByte) {
  RunOnBad([&](int fd) {
    SendTo(fd, ReceiveFrom(fd, 64) + "!");
    over_.WaitForNotification();
  });
  EXPECT_EQ(Errors(LoadError::kSurplus), 1) << report_.first_error;
}

TEST_P(LoadRunTest, SeesAMissingByte) {
  RunOnBad([](int fd) {
    SendTo(fd, ReceiveFrom(fd, 64));
    SendTo(fd, ReceiveFrom(fd, 64).substr(1, 0));
    ::shutdown(fd, SHUT_WR);
    ReceiveFrom(fd, 1000);
  });
  EXPECT_EQ(Errors(LoadError::kClosed), 1);
  EXPECT_THAT(report_.first_error, HasSubstr("after 64 bytes"));
  EXPECT_EQ(report_.requests, 1);
}

TEST_P(LoadRunTest, SeesAReset) {
  RunOnBad([](int fd) {
    const linger at_once = {1, 0};
    ReceiveFrom(fd, 64);
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  });
  EXPECT_EQ(Errors(LoadError::kReset), 1) << report_.first_error;
}

TEST_P(LoadRunTest, NeverHangsOnASilentServer) {
  load_.timeout = absl::Milliseconds(50);
  RunOnBad([&](int /*fd*/) { over_.WaitForNotification(); });
  EXPECT_EQ(Errors(LoadError::kTimeout), 1);
}

TEST_P(LoadRunTest, SeesThatNobodyListens) {
  UniqueFd listener = *BindEndpoint(*Endpoint::Parse("tcp:127.0.0.1:0"));
  const Endpoint endpoint = *Endpoint::OfSocket(listener.get());
  listener.reset();
  load_.connections = 3;
  load_.messages = 1;
  RunOn(endpoint);
  EXPECT_EQ(Errors(LoadError::kConnect), 3);
  EXPECT_EQ(report_.connections, 0);
}

TEST_P(LoadRunTest, SeesWhoWasRefused) {
  ServerOptions options;
  options.max_connections = 2;
  GoodServer server(GetParam(), options);
  load_.connections = 5;
  load_.duration = absl::Milliseconds(300);
  RunOn(server.endpoints()[0]);
  EXPECT_EQ(report_.all_errors(), 3);
  EXPECT_GT(report_.requests, 0);
  server.Stop();
  EXPECT_EQ(server.stats().refused, 3);
}

// A datagram service that does what `behave` says with each datagram.
class BadDatagramServer {
 public:
  using Behave = std::function<void(int fd, const std::string& data,
                                    const SocketAddress& from)>;
  BadDatagramServer(int count, Behave behave)
      : fd_(*BindEndpoint(*Endpoint::Parse("udp:127.0.0.1:0"))),
        thread_([this, count, behave = std::move(behave)] {
          for (int i = 0; i < count; ++i) {
            std::string data(2000, '\0');
            if (!Await(fd_.get(), POLLIN)) return;
            const auto datagram = *ReceiveDatagram(
                fd_.get(), absl::MakeSpan(&data[0], data.size()));
            if (!datagram.has_value()) continue;
            data.resize(datagram->bytes);
            behave(fd_.get(), data, datagram->from);
          }
        }) {}
  ~BadDatagramServer() { thread_.join(); }
  Endpoint endpoint() const { return *Endpoint::OfSocket(fd_.get()); }

 private:
  UniqueFd fd_;
  std::thread thread_;
};

TEST_P(LoadRunTest, SeesALostDatagramAndGoesOn) {
  int seen = 0;
  BadDatagramServer server(
      4, [&seen](int fd, const std::string& data, const SocketAddress& from) {
        if (++seen != 2) SendDatagram(fd, data, &from).status().IgnoreError();
      });
  load_.messages = 4;
  load_.datagram_timeout = absl::Milliseconds(100);
  RunOn(server.endpoint());
  EXPECT_EQ(report_.requests, 3);
  EXPECT_EQ(Errors(LoadError::kLost), 1);
  EXPECT_EQ(report_.all_errors(), 1);
}

TEST_P(LoadRunTest, SeesAWrongDatagram) {
  BadDatagramServer server(
      1, [](int fd, const std::string& data, const SocketAddress& from) {
        std::string wrong = data;
        wrong[0] ^= 1;
        SendDatagram(fd, wrong, &from).status().IgnoreError();
      });
  load_.messages = 1;
  RunOn(server.endpoint());
  EXPECT_EQ(Errors(LoadError::kWrongByte), 1);
}

TEST_P(LoadRunTest, DatagramsMayComeInAnyOrder) {
  std::string held;
  BadDatagramServer server(
      2, [&held](int fd, const std::string& data, const SocketAddress& from) {
        if (held.empty()) {
          held = data;
          return;
        }
        SendDatagram(fd, data, &from).status().IgnoreError();
        SendDatagram(fd, held, &from).status().IgnoreError();
      });
  load_.messages = 2;
  load_.pipeline = 2;
  RunOn(server.endpoint());
  EXPECT_EQ(report_.requests, 2);
  EXPECT_EQ(report_.first_error, "");
}

TEST_P(LoadRunTest, SeesThatADatagramIsTooLong) {
  GoodServer server(GetParam());
  load_.messages = 1;
  load_.size = 70000;
  RunOn(server.endpoints()[1]);
  EXPECT_EQ(report_.all_errors(), 1);
  EXPECT_THAT(report_.first_error, HasSubstr("too long"));
}

TEST_P(LoadRunTest, StopEndsItEarlyWithAReport) {
  GoodServer server(GetParam());
  load_.connections = 4;
  load_.duration = absl::Hours(1);
  LoadRun run(*poller_, server.endpoints()[0], load_);
  run.ShowProgress(absl::Milliseconds(20), [&run] {
    if (run.report().requests > 0) run.Stop();
  });
  EXPECT_EQ(run.Run(), absl::OkStatus());
  EXPECT_GT(run.report().requests, 0);
  EXPECT_EQ(run.report().first_error, "");
}

TEST_P(LoadRunTest, StopBeforeRunIsNotForgotten) {
  GoodServer server(GetParam());
  load_.connections = 300;
  load_.duration = absl::Hours(1);
  LoadRun run(*poller_, server.endpoints()[0], load_);
  run.Stop();
  EXPECT_EQ(run.Run(), absl::OkStatus());
  EXPECT_EQ(run.report().requests, 0);
  EXPECT_EQ(run.report().first_error, "");
}

}  // namespace
}  // namespace isopoll::echo
