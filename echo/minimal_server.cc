#include <iostream>
#include <map>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "echo/loop/connection.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/poller.h"

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(), "");

using isopoll::echo::Connection;

namespace {

// False: the peer has everything back, or is gone.
bool Echo(Connection& connection, isopoll::Interest ready) {
  if (ready.readable() && !connection.Read().ok()) return false;
  return connection.Write().ok() && !connection.done();
}

absl::Status Serve(isopoll::Poller& poller, int listener) {
  constexpr isopoll::Token kListener = 0;
  absl::Status status = poller.Add(listener, isopoll::kReadable, kListener);
  std::map<isopoll::Token, Connection> connections;
  isopoll::Token last_token = kListener;  // none is used twice, as fds are
  isopoll::Event events[64];
  while (status.ok()) {
    auto result = poller.Wait(absl::MakeSpan(events), absl::InfiniteDuration());
    if (!result.ok()) return result.status();
    for (size_t i = 0; i < result->count && status.ok(); ++i) {
      const isopoll::Token token = events[i].token();
      if (token == kListener) {
        auto accepted = isopoll::Accept(listener);
        if (!accepted.ok()) return accepted.status();
        if (!accepted->has_value()) continue;
        Connection peer(std::move((*accepted)->fd), /*buffer_bytes=*/16384);
        status = poller.Add(peer.fd(), isopoll::kReadable, ++last_token);
        connections.emplace(last_token, std::move(peer));
      } else if (auto& peer = connections.at(token);
                 Echo(peer, events[i].ready())) {
        status = poller.Modify(peer.fd(), peer.interest(), token);
      } else {
        status = poller.Remove(peer.fd());
        connections.erase(token);
      }
    }
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = absl::ParseCommandLine(argc, argv);
  const auto address = isopoll::SocketAddress::Parse(
      arguments.size() > 1 ? arguments[1] : "127.0.0.1:8090");
  if (!address.ok()) return std::cerr << address.status() << "\n", 1;
  const auto listener = isopoll::Listen(*address);
  if (!listener.ok()) return std::cerr << listener.status() << "\n", 1;
  isopoll::PollerOptions options;
  options.backend = absl::GetFlag(FLAGS_backend);
  const auto poller = isopoll::Poller::Create(options);
  if (!poller.ok()) return std::cerr << poller.status() << "\n", 1;
  std::cout << *isopoll::LocalAddress(listener->get()) << std::endl;
  return std::cerr << Serve(**poller, listener->get()) << "\n", 1;
}
