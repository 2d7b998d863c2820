// Echo: a server and a client in two threads, over TCP on loopback.

#ifndef ISOPOLL_TOOLS_BENCH_WORKLOADS_ECHO_H_
#define ISOPOLL_TOOLS_BENCH_WORKLOADS_ECHO_H_

#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <thread>
#include <vector>

#include "tools/bench/driver.h"
#include "tools/bench/echo_client.h"
#include "tools/bench/must.h"
#include "tools/bench/scene.h"
#include "tools/bench/stopwatch.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {

// The server has the second socket of each pair, and ends when there is
// something on channel 0 of the scene.
template <template <typename> class Driver>
class EchoServer {
 public:
  static constexpr bool kThreads = false;

  EchoServer(const Scene& scene, size_t bytes)
      : scene_(scene), peers_(scene.connections().size()), driver_(this) {
    for (size_t i = 0; i < peers_.size(); ++i) {
      peers_[i].fd = scene.connections()[i].second.get();
      peers_[i].buffer.resize(bytes);
      driver_.Add(peers_[i].fd, kRead, i);
    }
    driver_.Add(scene.fd(0), kRead, peers_.size());
  }

  void Run() { driver_.Run(); }

  ~EchoServer() {
    for (size_t i = 0; i < peers_.size(); ++i) driver_.Remove(peers_[i].fd, i);
    driver_.Remove(scene_.fd(0), peers_.size());
  }

  // As a driver's handler.
  void Ready(size_t tag, int ready) {
    if (tag == peers_.size()) {
      done_ = true;
    } else if ((ready & kRead) != 0) {
      Receive(tag);
    } else {
      Send(tag);
    }
  }
  void Woken() {}
  bool done() const { return done_; }

 private:
  struct Peer {
    int fd = -1;
    std::vector<char> buffer;
    size_t begin = 0;  // what is owed: buffer[begin, end)
    size_t end = 0;
  };

  void Receive(size_t tag) {
    Peer& peer = peers_[tag];
    const ssize_t n =
        ::recv(peer.fd, peer.buffer.data(), peer.buffer.size(), 0);
    if (n == -1 && errno == EAGAIN) return;
    Must(n > 0, "recv");
    peer.begin = 0;
    peer.end = static_cast<size_t>(n);
    if (!SendOwed(peer)) driver_.Change(peer.fd, kWrite, tag);
  }

  void Send(size_t tag) {
    Peer& peer = peers_[tag];
    if (SendOwed(peer)) driver_.Change(peer.fd, kRead, tag);
  }

  // Whether nothing is owed any more.
  static bool SendOwed(Peer& peer) {
    const ssize_t n = ::send(peer.fd, peer.buffer.data() + peer.begin,
                             peer.end - peer.begin, MSG_NOSIGNAL);
    Must(n > 0 || errno == EAGAIN, "send");
    if (n > 0) peer.begin += static_cast<size_t>(n);
    return peer.begin == peer.end;
  }

  const Scene& scene_;
  bool done_ = false;
  std::vector<Peer> peers_;
  Driver<EchoServer> driver_;
};

// An operation is a request and its answer.
template <template <typename> class Driver>
double RunEcho(const Case& c, Scene& scene, size_t count) {
  EchoServer<Driver> server(scene, c.bytes);
  double cpu = 0;
  std::thread thread([&] {
    const Stopwatch stopwatch(kThreadTime);
    server.Run();
    cpu = stopwatch.Nanoseconds();
  });
  EchoClient client(scene.connections(), c.bytes);
  const Stopwatch stopwatch(kWallTime);
  client.Ask(count);
  const double time = stopwatch.Nanoseconds();
  scene.Send(0);
  thread.join();
  scene.Clear();
  return c.workload == Workload::kEchoCpu ? cpu : time;
}

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_WORKLOADS_ECHO_H_
