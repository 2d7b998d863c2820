// The service over every transport, on one thread and on several, on every
// backend.

#include "echo/service/server_group.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "echo/service/observer.h"
#include "gtest/gtest.h"
#include "isopoll/net/datagram.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "net/internal/sys.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"
#include "tests/net/testing.h"

namespace isopoll::echo {
namespace {

class ServerGroupTest : public EachBackend {
 protected:
  ~ServerGroupTest() override {
    if (!thread_.joinable()) return;
    EXPECT_TRUE(Stop().ok()) << status_;
  }

  void Create(int threads, bool share_ports = HasSharedPorts()) {
    GroupOptions options;
    options.backend = GetParam();
    options.threads = threads;
    options.share_ports = share_ports;
    group_ = *ServerGroup::Create(options);
  }
  SocketAddress Serve(const std::string& text) {
    const absl::StatusOr<Endpoint> endpoint =
        group_->Serve(*Endpoint::Parse(text));
    EXPECT_TRUE(endpoint.ok()) << endpoint.status();
    return endpoint->address;
  }
  void Start() {
    thread_ = std::thread([this] { status_ = group_->Run(); });
  }
  absl::Status Stop() {
    group_->Stop();
    thread_.join();
    return status_;
  }

  static void ExpectEcho(const SocketAddress& address) {
    Peer peer(address);
    peer.Send("hello");
    EXPECT_EQ(peer.Receive(5), "hello");
    peer.FinishSending();
    EXPECT_EQ(peer.ReceiveAll(), "");
  }
  static void ExpectDatagramEcho(const SocketAddress& address) {
    const UniqueFd client = *ConnectDatagram(address);
    for (const std::string& data :
         {std::string("hello"), std::string(), std::string(30000, 'x')}) {
      ASSERT_EQ(*SendDatagram(client.get(), data), Sent::kYes);
      ASSERT_TRUE(Await(client.get(), POLLIN));
      std::string received(1 << 17, '\0');
      const absl::StatusOr<std::optional<Datagram>> datagram = ReceiveDatagram(
          client.get(), absl::MakeSpan(&received[0], received.size()));
      ASSERT_TRUE(datagram.ok() && datagram->has_value()) << datagram.status();
      received.resize((*datagram)->bytes);
      EXPECT_TRUE(received == data);
    }
  }

  ScratchDirectory scratch_;
  std::unique_ptr<ServerGroup> group_;
  std::thread thread_;
  absl::Status status_;
};

INSTANTIATE_TEST_SUITE_P(, ServerGroupTest, AllBackends(), NameOfBackend);

TEST_P(ServerGroupTest, ServesManyEndpointsAtOnce) {
  for (const int threads : {1, 3}) {
    Create(threads);
    std::vector<SocketAddress> streams, datagrams;
    for (const char* text : {"tcp:127.0.0.1:0", "127.0.0.1:0", "tcp:[::1]:0"}) {
      streams.push_back(Serve(text));
    }
    if (HasUnixSockets(SOCK_STREAM)) {
      streams.push_back(Serve(
          absl::StrCat("unix:", scratch_.Path(absl::StrCat("s", threads)))));
    }
    datagrams.push_back(Serve("udp:127.0.0.1:0"));
    datagrams.push_back(Serve("udp:[::1]:0"));
    if (HasUnixSockets(SOCK_DGRAM)) {
      datagrams.push_back(Serve(absl::StrCat(
          "unix-dgram:", scratch_.Path(absl::StrCat("d", threads)))));
    }
    Start();
    for (const SocketAddress& address : streams) ExpectEcho(address);
    for (const SocketAddress& address : datagrams) ExpectDatagramEcho(address);
    EXPECT_TRUE(Stop().ok());
    const ServerStats stats = group_->stats();
    EXPECT_EQ(stats.accepted, streams.size());
    EXPECT_EQ(stats.finished, streams.size());
    EXPECT_EQ(stats.bytes_sent, 5 * streams.size());
    EXPECT_EQ(stats.datagrams_received, 3 * datagrams.size());
    EXPECT_EQ(stats.datagrams_sent, 3 * datagrams.size());
    EXPECT_EQ(group_->connections(), 0);
  }
}

// Counts the threads that serve.
class Watcher : public ServerObserver {
 public:
  void OnReceived(uint64_t, absl::string_view) override {
    absl::MutexLock lock(&mutex_);
    threads_.insert(std::this_thread::get_id());
  }
  size_t threads() {
    absl::MutexLock lock(&mutex_);
    return threads_.size();
  }

 private:
  absl::Mutex mutex_;
  std::set<std::thread::id> threads_ ABSL_GUARDED_BY(mutex_);
};

TEST_P(ServerGroupTest, ThreadsShareTheConnectionsOfAPort) {
  for (const bool share : {true, false}) {
    if (share && !HasSharedPorts()) continue;
    SCOPED_TRACE(share ? "SO_REUSEPORT" : "hand-over");
    Watcher watcher;
    GroupOptions options;
    options.backend = GetParam();
    options.threads = 3;
    options.share_ports = share;
    options.server.observer = &watcher;
    group_ = *ServerGroup::Create(options);
    const SocketAddress address = Serve("tcp:127.0.0.1:0");
    Start();
    const Peers peers = ConnectPeers(address, 60);
    for (const auto& peer : peers) {
      peer->Send("x");
      ASSERT_EQ(peer->Receive(1), "x");
    }
    EXPECT_TRUE(Stop().ok());
    EXPECT_EQ(watcher.threads(), 3);
    EXPECT_EQ(group_->stats().accepted, 60);
    EXPECT_EQ(group_->stats().stopped, 60);
  }
}

TEST_P(ServerGroupTest, LimitsHoldForAllThreadsTogether) {
  GroupOptions options;
  options.backend = GetParam();
  options.threads = 2;
  options.server.max_connections = 5;
  group_ = *ServerGroup::Create(options);
  const SocketAddress address = Serve("tcp:127.0.0.1:0");
  Start();
  Peers peers = ConnectPeers(address, 20);
  int served = 0;
  for (const auto& peer : peers) served += peer->ServesOrCloses() ? 1 : 0;
  EXPECT_EQ(served, 5);
  EXPECT_TRUE(Stop().ok());
  EXPECT_EQ(group_->stats().accepted, 5);
  EXPECT_EQ(group_->stats().refused, 15);
}

TEST_P(ServerGroupTest, TakesOverSocketsThatOthersOpened) {
  Create(1);
  const Endpoint tcp =
      *group_->Adopt(*BindEndpoint(*Endpoint::Parse("tcp:127.0.0.1:0")));
  const Endpoint udp =
      *group_->Adopt(*BindEndpoint(*Endpoint::Parse("udp:127.0.0.1:0")));
  EXPECT_EQ(tcp.transport, Transport::kTcp);
  EXPECT_EQ(udp.transport, Transport::kUdp);
  EXPECT_TRUE(absl::IsInvalidArgument(group_->Adopt(UniqueFd()).status()));
  UniqueFd mute(internal::OpenSocket(AF_INET, SOCK_STREAM));
  EXPECT_TRUE(absl::IsInvalidArgument(group_->Adopt(std::move(mute)).status()));
  Start();
  ExpectEcho(tcp.address);
  ExpectDatagramEcho(udp.address);
}

TEST_P(ServerGroupTest, StopBeforeRunIsNotForgotten) {
  Create(3);
  Serve("tcp:127.0.0.1:0");
  group_->Stop();
  Start();
  thread_.join();
  EXPECT_TRUE(status_.ok()) << status_;
}

TEST_P(ServerGroupTest, AnErrorInOneThreadEndsAll) {
  Create(2);
  Serve("tcp:127.0.0.1:0");
  // A listener that was shut down cannot be accepted from.
  UniqueFd listener = *BindEndpoint(*Endpoint::Parse("tcp:127.0.0.1:0"));
  const int fd = listener.get();
  EXPECT_TRUE(group_->Adopt(std::move(listener)).ok());
  if (sys::Shutdown(fd, SHUT_RDWR) != 0) {
    GTEST_SKIP() << "Windows: a listener cannot be shut down";
  }
  Start();
  thread_.join();
  EXPECT_FALSE(status_.ok());
}

TEST(GroupOptionsTest, AreChecked) {
  GroupOptions options;
  for (const int threads : {0, -1, 1025}) {
    options.threads = threads;
    EXPECT_TRUE(absl::IsInvalidArgument(ServerGroup::Create(options).status()));
  }
  options.threads = 1;
  options.server.idle_timeout = absl::ZeroDuration();
  EXPECT_TRUE(absl::IsInvalidArgument(ServerGroup::Create(options).status()));
  options.server = ServerOptions();
  options.server.drain_timeout = -absl::Seconds(1);
  EXPECT_TRUE(absl::IsInvalidArgument(ServerGroup::Create(options).status()));
}

}  // namespace
}  // namespace isopoll::echo
