// A load on servers good and bad, over every transport, on every backend.

#include "echo/load/load_run.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "echo/load/load_group.h"
#include "echo/load/load_options.h"
#include "echo/load/source.h"
#include "echo/service/counters.h"
#include "echo/service/options.h"
#include "echo/service/server_group.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/net/datagram.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "net/internal/sys.h"
#include "tests/echo/support/bad_server.h"
#include "tests/echo/support/each_backend.h"
#include "tests/net/testing.h"

namespace isopoll::echo {
namespace {

using ::testing::AllOf;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::Le;

class LoadRunTest : public EachBackend {
 protected:
  LoadRunTest() {
    PollerOptions options;
    options.backend = GetParam();
    poller_ = *Poller::Create(options);
    load_.timeout = absl::Seconds(30);
    load_.datagram_timeout = absl::Seconds(30);
  }

  void RunOn(const Endpoint& server) { RunOnAll({server}); }
  // Servers are the addresses of one.
  void RunOnAll(const std::vector<Endpoint>& servers) {
    ASSERT_EQ(CheckLoad(load_), absl::OkStatus());
    Pattern pattern(load_.size);
    Texts texts(texts_);
    Source& source = texts_.empty() ? static_cast<Source&>(pattern) : texts;
    LoadRun run(*poller_, servers, load_, source);
    EXPECT_EQ(run.Run(), absl::OkStatus());
    report_ = run.report();
    EXPECT_EQ(run.report().open, 0);
    EXPECT_EQ(poller_->size(), 0) << "registrations are left";
  }
  // What one connection makes of a server that behaves so.
  void RunOnBad(std::function<void(int fd)> behave) {
    load_.messages = texts_.empty() ? 3 : texts_.size();
    const BadServer server(std::move(behave));
    RunOn({Transport::kTcp, server.address()});
    over_.Notify();
    EXPECT_EQ(report_.all_errors(), 1) << report_.first_error;
  }
  uint64_t Errors(LoadError error) const { return report_.error(error); }

  std::unique_ptr<Poller> poller_;
  LoadOptions load_;
  std::vector<std::string> texts_;  // instead of a pattern, if there are any
  LoadReport report_;
  absl::Notification over_;
};

INSTANTIATE_TEST_SUITE_P(, LoadRunTest, AllBackends(), NameOfBackend);

// A good server on every transport that the system has.
class GoodServer {
 public:
  explicit GoodServer(Backend backend, ServerOptions server = {},
                      const std::string& tcp = "tcp:127.0.0.1:0") {
    GroupOptions options;
    options.backend = backend;
    options.server = server;
    group_ = *ServerGroup::Create(options);
    std::vector<std::string> texts = {tcp, "udp:127.0.0.1:0"};
    if (HasUnixSockets(SOCK_STREAM)) {
      texts.push_back(absl::StrCat("unix:", scratch_.Path("s")));
    }
    if (HasUnixSockets(SOCK_DGRAM)) {
      texts.push_back(absl::StrCat("unix-dgram:", scratch_.Path("d")));
    }
    for (const std::string& text : texts) {
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
  const uint64_t streams = HasUnixSockets(SOCK_STREAM) ? 2 : 1;
  EXPECT_EQ(server.stats().bytes_sent, streams * 600 * 64);
  EXPECT_EQ(server.stats().datagrams_sent,
            (server.endpoints().size() - streams) * 600);
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

// A server that stalls for 300 ms once: one that waits for each answer before
// the next request sees one slow request; one that asks at a rate sees all that
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
  EXPECT_THAT(report_.first_error, HasSubstr("byte 10 came back as '"));
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
    sys::Shutdown(fd, SHUT_WR);
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
    sys::SetSockOpt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  });
  if (OnWine()) GTEST_SKIP() << "Wine may show it as the end of file";
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
  EXPECT_GE(report_.all_errors(), 3);
  EXPECT_GT(report_.requests, 0);
  server.Stop();
  // At the end of the time a client may close before it sees that it was
  // refused; as many as were not served.
  const uint64_t errors = report_.all_errors();
  EXPECT_GE(server.stats().refused, errors);
  EXPECT_LE(server.stats().refused, errors + 3);
  EXPECT_EQ(report_.reopened + 5, report_.connections);
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

TEST_P(LoadRunTest, TextsAreSentOneAfterTheOther) {
  GoodServer server(GetParam());
  load_.connections = 3;
  texts_ = {"This is ", "", "a message", ""};
  load_.messages = 4;
  for (const Endpoint& endpoint : server.endpoints()) {
    SCOPED_TRACE(endpoint.ToString());
    RunOn(endpoint);
    EXPECT_EQ(report_.requests, 12);
    EXPECT_EQ(report_.bytes, 3 * 17);
    EXPECT_EQ(report_.first_error, "");
  }
}

TEST_P(LoadRunTest, NeedsNothingToSay) {
  GoodServer server(GetParam());
  load_.connections = 3;
  load_.messages = 0;
  RunOn(server.endpoints()[0]);
  EXPECT_EQ(report_.connections, 3);
  EXPECT_EQ(report_.requests, 0);
  EXPECT_EQ(report_.first_error, "");
  server.Stop();
  EXPECT_EQ(server.stats().finished, 3);
}

TEST_P(LoadRunTest, SeesAWrongByteInALaterText) {
  texts_ = {"abc", "def"};
  RunOnBad([&](int fd) {
    SendTo(fd, ReceiveFrom(fd, 3));
    ReceiveFrom(fd, 3);
    SendTo(fd, "de");
    SendTo(fd, std::string(1, '\0'));
    over_.WaitForNotification();
  });
  EXPECT_EQ(report_.first_error,
            "connection 1: byte 5 came back as '\\x00', not as 'f'");
}

// Some servers close when the client does, whatever is still to come back.
TEST_P(LoadRunTest, ClosesItsSideWhenAllIsBack) {
  std::string early;
  load_.messages = 1;
  const BadServer server([&](int fd) {
    const std::string request = ReceiveFrom(fd, 64);
    // If it closed, that would come at once.
    if (sys::PollOne(fd, POLLIN, /*milliseconds=*/200) != 0) early = "closed";
    SendTo(fd, request);
    ReceiveFrom(fd, 1);
  });
  RunOn({Transport::kTcp, server.address()});
  EXPECT_EQ(early, "");
  EXPECT_EQ(report_.first_error, "");
}

TEST_P(LoadRunTest, NeverHangsOnAServerThatDoesNotClose) {
  load_.timeout = absl::Milliseconds(50);
  texts_ = {"hello"};
  RunOnBad([&](int fd) {
    SendTo(fd, ReceiveFrom(fd, 5));
    over_.WaitForNotification();
  });
  EXPECT_EQ(Errors(LoadError::kTimeout), 1);
}

// What was asked for counts, not how long it went well.
TEST_P(LoadRunTest, AServerThatDiesEarlyLooksNotTheFaster) {
  load_.duration = absl::Milliseconds(600);
  load_.timeout = absl::Milliseconds(200);
  load_.rate = 100;
  const BadServer server([&](int fd) {
    for (int i = 0; i < 10; ++i) SendTo(fd, ReceiveFrom(fd, 64));
    over_.WaitForNotification();
  });
  RunOn({Transport::kTcp, server.address()});
  over_.Notify();
  EXPECT_EQ(report_.requests, 10);
  EXPECT_GE(report_.elapsed, absl::Milliseconds(600));
  EXPECT_LE(report_.requests_per_second(), 17);
  // Of the sixty that were due some were on their way when it died.
  EXPECT_GE(report_.not_sent, 1);
  EXPECT_EQ(report_.started + report_.not_sent, 60);
  EXPECT_GE(Errors(LoadError::kTimeout), 1);
  EXPECT_GE(report_.latency.max(), 200000000u);
  EXPECT_GT(report_.latency.count(), report_.requests);
}

// The server is restarted: those who were connected come back.
TEST_P(LoadRunTest, OpensAgainWhatBroke) {
  load_.connections = 4;
  load_.duration = absl::Minutes(1);
  auto first = std::make_unique<GoodServer>(GetParam());
  const Endpoint endpoint = first->endpoints()[0];
  std::unique_ptr<GoodServer> second;
  Pattern source(load_.size);
  LoadRun run(*poller_, {endpoint}, load_, source);
  uint64_t before = 0;
  run.ShowProgress(absl::Milliseconds(20), [&] {
    if (first != nullptr && run.report().requests > 0) {
      first.reset();
      before = run.report().requests;
      second = std::make_unique<GoodServer>(GetParam(), ServerOptions(),
                                            endpoint.ToString());
    } else if (run.report().connections >= 8 &&
               run.report().requests > before + 8) {
      run.Stop();
    }
  });
  EXPECT_EQ(run.Run(), absl::OkStatus());
  EXPECT_GE(run.report().reopened, 4);
  EXPECT_GE(run.report().all_errors(), 4);
  EXPECT_LT(run.report().elapsed, absl::Seconds(50));
}

// The first address of a name may be one where nobody listens.
TEST_P(LoadRunTest, TriesTheNextAddressOfAName) {
  GoodServer server(GetParam());
  load_.connections = 150;
  load_.messages = 2;
  for (const int transport : {0, 1}) {
    if (transport == 1 && OnWine())
      GTEST_SKIP() << "Wine does not say that a datagram found nobody";
    const Endpoint& good = server.endpoints()[transport];
    SCOPED_TRACE(good.ToString());
    // None of those that the kernel gives a client: over UDP one that has the
    // server's would hear itself.
    const Endpoint nobody = *Endpoint::Parse(
        absl::StrCat(TransportName(good.transport), ":127.0.0.1:1"));
    RunOnAll({nobody, good});
    EXPECT_EQ(report_.first_error, "");
    EXPECT_EQ(report_.requests, 300);
    RunOnAll({nobody, nobody});
    EXPECT_EQ(report_.all_errors(), 150);
  }
}

TEST_P(LoadRunTest, OpensOnlySoManyConnectionsInASecond) {
  GoodServer server(GetParam());
  load_.connections = 11;
  load_.connect_rate = 50;
  load_.messages = 1;
  const absl::Time start = absl::Now();
  RunOn(server.endpoints()[0]);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(199));
  EXPECT_EQ(report_.requests, 11);
}

TEST_P(LoadRunTest, ConnectionsComeFromTheSourcesInTurn) {
  if (OnWine()) GTEST_SKIP() << "Wine has one loopback address";
  GoodServer server(GetParam());
  load_.connections = 4;
  load_.messages = 1;
  load_.sources = {*SocketAddress::Parse("127.0.0.2:0"),
                   *SocketAddress::Parse("127.0.0.3:0")};
  class Watcher : public Pattern {
   public:
    using Pattern::Pattern;
    void OnConnected(uint64_t, const SocketAddress& local) override {
      const std::string text = local.ToString();
      ++from[text.substr(0, text.find(':'))];
    }
    std::map<std::string, int> from;
  };
  for (const int transport : {0, 1}) {
    Watcher watcher(load_.size);
    LoadRun run(*poller_, {server.endpoints()[transport]}, load_, watcher);
    EXPECT_EQ(run.Run(), absl::OkStatus());
    EXPECT_EQ(run.report().first_error, "");
    EXPECT_EQ(watcher.from,
              (std::map<std::string, int>{{"127.0.0.2", 2}, {"127.0.0.3", 2}}));
  }
}

TEST_P(LoadRunTest, ThreadsMakeOneLoad) {
  GoodServer server(GetParam());
  load_.connections = 10;
  load_.messages = 20;
  load_.rate = 1000;
  Pattern source(load_.size);
  for (const Endpoint& endpoint : server.endpoints()) {
    SCOPED_TRACE(endpoint.ToString());
    const auto group =
        *LoadGroup::Create(3, GetParam(), {endpoint}, load_, source);
    uint64_t seen = 0;
    group->ShowProgress(absl::Milliseconds(10), [&](const LoadReport& report) {
      seen = report.requests;
    });
    EXPECT_EQ(group->Run(), absl::OkStatus());
    const LoadReport report = group->report();
    EXPECT_EQ(report.requests, 200);
    EXPECT_EQ(report.connections, 10);
    EXPECT_EQ(report.latency.count(), 200);
    EXPECT_EQ(report.first_error, "");
    EXPECT_GE(report.elapsed, absl::Milliseconds(198));
    EXPECT_GT(seen, 0);
  }
  for (const int threads : {0, 11}) {
    EXPECT_TRUE(absl::IsInvalidArgument(LoadGroup::Create(threads, GetParam(),
                                                          server.endpoints(),
                                                          load_, source)
                                            .status()));
  }
}

int Get(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof(value);
  EXPECT_EQ(sys::GetSockOpt(fd, level, name, &value, &size), 0);
  return value;
}

// Looks at the client's socket when it is connected.
class Inspector : public Pattern {
 public:
  using Pattern::Pattern;
  void OnConnected(uint64_t, const SocketAddress& local) override {
    for (int fd = 0; fd < 4000; ++fd) {
      const absl::StatusOr<SocketAddress> address = LocalAddress(fd);
      if (!address.ok() || address->ToString() != local.ToString()) continue;
      no_delay = Get(fd, IPPROTO_TCP, TCP_NODELAY);
      send_buffer = Get(fd, SOL_SOCKET, SO_SNDBUF);
      receive_buffer = Get(fd, SOL_SOCKET, SO_RCVBUF);
      break;  // On Windows the next three numbers are this socket's, too.
    }
  }
  int no_delay = -1;
  int send_buffer = -1;
  int receive_buffer = -1;
};

TEST_P(LoadRunTest, ItsSocketsDoNotWaitForAcknowledgements) {
  GoodServer server(GetParam());
  load_.messages = 1;
  load_.socket.send_buffer_bytes = 20000;
  load_.socket.receive_buffer_bytes = 30000;
  Inspector source(load_.size);
  LoadRun run(*poller_, {server.endpoints()[0]}, load_, source);
  EXPECT_EQ(run.Run(), absl::OkStatus());
  EXPECT_GT(source.no_delay, 0);
  EXPECT_THAT(source.send_buffer, AllOf(Gt(0), Le(40000)));
  EXPECT_THAT(source.receive_buffer, AllOf(Gt(0), Le(60000)));
}

// Nagle's algorithm would have the end of each request wait for the
// acknowledgement of its beginning, and the acknowledgement for 40 ms.
TEST_P(LoadRunTest, LongRequestsDoNotWaitForAcknowledgements) {
  GoodServer server(GetParam());
  load_.size = 20000;
  load_.messages = 50;
  RunOn(server.endpoints()[0]);
  EXPECT_EQ(report_.requests, 50);
  if (OnWine()) GTEST_SKIP() << "Wine may take as long without";
  EXPECT_LT(report_.latency.Percentile(50), 20000000u);
}

// What is under way has a second, and none if it is stopped again.
TEST_P(LoadRunTest, StopDoesNotAwaitAServerThatStalls) {
  for (const int stops : {1, 2}) {
    absl::Notification over;
    load_.duration = absl::Hours(1);
    const BadServer server([&](int fd) {
      SendTo(fd, ReceiveFrom(fd, 64));
      over.WaitForNotification();
    });
    Pattern source(load_.size);
    LoadRun run(*poller_, {{Transport::kTcp, server.address()}}, load_, source);
    absl::Time stopped;
    run.ShowProgress(absl::Milliseconds(20), [&] {
      if (run.report().started < 2 || stopped != absl::Time()) return;
      stopped = absl::Now();
      for (int i = 0; i < stops; ++i) run.Stop();
    });
    EXPECT_EQ(run.Run(), absl::OkStatus());
    over.Notify();
    EXPECT_LT(absl::Now() - stopped, absl::Seconds(8));
    EXPECT_EQ(run.report().requests, 1);
    EXPECT_EQ(run.report().error(LoadError::kTimeout), 1);
  }
}

TEST_P(LoadRunTest, StopEndsItEarlyWithAReport) {
  GoodServer server(GetParam());
  load_.connections = 4;
  load_.duration = absl::Hours(1);
  Pattern source(load_.size);
  LoadRun run(*poller_, {server.endpoints()[0]}, load_, source);
  bool stopped = false;
  run.ShowProgress(absl::Milliseconds(20), [&] {
    if (run.report().requests > 0 && !stopped) run.Stop();
    stopped = run.report().requests > 0;
  });
  EXPECT_EQ(run.Run(), absl::OkStatus());
  EXPECT_GT(run.report().requests, 0);
  EXPECT_EQ(run.report().first_error, "");
}

TEST_P(LoadRunTest, StopBeforeRunIsNotForgotten) {
  GoodServer server(GetParam());
  load_.connections = 300;
  load_.duration = absl::Hours(1);
  Pattern source(load_.size);
  LoadRun run(*poller_, {server.endpoints()[0]}, load_, source);
  run.Stop();
  EXPECT_EQ(run.Run(), absl::OkStatus());
  EXPECT_EQ(run.report().requests, 0);
  EXPECT_EQ(run.report().first_error, "");
}

}  // namespace
}  // namespace isopoll::echo
