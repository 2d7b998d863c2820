#include "tools/bench/echo_client.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "isopoll/net/pairs.h"
#include "tools/bench/must.h"

namespace isopoll::bench {

EchoClient::EchoClient(const std::vector<SocketPairFds>& connections,
                       size_t bytes)
    : request_(bytes), answer_(bytes), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  Must(bool{epoll_}, "epoll_create1");
  for (const SocketPairFds& pair : connections) {
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.u64 = peers_.size();
    peers_.push_back({pair.first.get()});
    Must(
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, pair.first.get(), &event) == 0,
        "epoll_ctl");
  }
}

void EchoClient::Ask(size_t count) {
  size_t sent = 0;
  size_t answered = 0;
  for (; sent < std::min(count, peers_.size()); ++sent) Send(peers_[sent]);
  epoll_event events[64];
  while (answered < count) {
    const int ready = ::epoll_wait(epoll_.get(), events, 64, -1);
    for (int i = 0; i < ready; ++i) {
      Peer& peer = peers_[events[i].data.u64];
      if (!Receive(peer)) continue;
      ++answered;
      if (sent == count) continue;
      Send(peer);
      ++sent;
    }
  }
}

void EchoClient::Send(Peer& peer) {
  size_t sent = 0;
  while (sent < request_.size()) {
    const ssize_t n = ::send(peer.fd, request_.data() + sent,
                             request_.size() - sent, MSG_NOSIGNAL);
    if (n > 0) {
      sent += static_cast<size_t>(n);
      continue;
    }
    Must(errno == EAGAIN, "send");
    pollfd entry = {peer.fd, POLLOUT, 0};
    ::poll(&entry, 1, -1);
  }
  peer.missing = request_.size();
}

bool EchoClient::Receive(Peer& peer) {
  const ssize_t n = ::recv(peer.fd, answer_.data(), peer.missing, 0);
  if (n == -1 && errno == EAGAIN) return false;
  Must(n > 0, "recv");
  peer.missing -= static_cast<size_t>(n);
  return peer.missing == 0;
}

}  // namespace isopoll::bench
