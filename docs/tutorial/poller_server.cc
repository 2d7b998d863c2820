// The same echo server over Poller: on any backend, and no client can stop it.

#include <cstddef>
#include <iostream>
#include <map>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(),
          "what to wait with");

namespace {

struct Client {
  isopoll::UniqueFd fd;
  std::string pending;    // received, and not sent back yet
  bool finished = false;  // the client sends no more
};

constexpr size_t kMostPending = 16384;

isopoll::Interest Wanted(const Client& client) {
  isopoll::Interest wanted = isopoll::kNone;
  if (!client.finished && client.pending.size() < kMostPending) {
    wanted |= isopoll::kReadable;
  }
  if (!client.pending.empty()) wanted |= isopoll::kWritable;
  return wanted;
}

bool Receive(Client& client) {
  char buffer[4096];
  const auto received =
      isopoll::Receive(client.fd.get(), absl::MakeSpan(buffer));
  if (!received.ok()) return false;
  client.finished = received->end_of_file();
  client.pending.append(buffer, received->bytes());
  return true;
}

bool Send(Client& client) {
  const auto sent = isopoll::Send(client.fd.get(), client.pending);
  if (!sent.ok()) return false;
  client.pending.erase(0, sent->bytes());
  return true;
}

// False: the client has everything back, or is gone.
bool Serve(Client& client, isopoll::Interest ready) {
  if (ready.readable() && !Receive(client)) return false;
  if (!client.pending.empty() && !Send(client)) return false;
  return Wanted(client) != isopoll::kNone;
}

class Server {
 public:
  Server(isopoll::Poller& poller, int listener)
      : poller_(poller), listener_(listener) {}

  absl::Status Run() {
    absl::Status status = poller_.Add(listener_, isopoll::kReadable, kListener);
    isopoll::Event events[64];
    while (status.ok()) {
      const auto result =
          poller_.Wait(absl::MakeSpan(events), absl::InfiniteDuration());
      if (!result.ok()) return result.status();
      for (size_t i = 0; i < result->count && status.ok(); ++i) {
        const isopoll::Event& event = events[i];
        status = event.token() == kListener ? Accept() : OnReady(event);
      }
    }
    return status;
  }

 private:
  static constexpr isopoll::Token kListener = 0;

  absl::Status Accept() {
    auto accepted = isopoll::Accept(listener_);
    if (!accepted.ok()) return accepted.status();
    if (!accepted->has_value()) return absl::OkStatus();  // it went away
    Client& client = clients_[++last_token_];
    client.fd = std::move((*accepted)->fd);
    return poller_.Add(client.fd.get(), Wanted(client), last_token_);
  }

  absl::Status OnReady(const isopoll::Event& event) {
    Client& client = clients_.at(event.token());
    const isopoll::Interest before = Wanted(client);
    if (Serve(client, event.ready())) {
      const isopoll::Interest wanted = Wanted(client);
      if (wanted == before) return absl::OkStatus();
      return poller_.Modify(event.fd(), wanted, event.token());
    }
    absl::Status removed = poller_.Remove(event.fd());
    clients_.erase(event.token());  // closes the descriptor
    return removed;
  }

  isopoll::Poller& poller_;
  const int listener_;
  std::map<isopoll::Token, Client> clients_;
  isopoll::Token last_token_ = kListener;
};

}  // namespace

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const auto address = isopoll::SocketAddress::Parse("127.0.0.1:0");
  if (!address.ok()) return std::cerr << address.status() << "\n", 1;
  const auto listener = isopoll::Listen(*address);
  if (!listener.ok()) return std::cerr << listener.status() << "\n", 1;
  isopoll::PollerOptions options;
  options.backend = absl::GetFlag(FLAGS_backend);
  const auto poller = isopoll::Poller::Create(options);
  if (!poller.ok()) return std::cerr << poller.status() << "\n", 1;
  std::cout << *isopoll::LocalAddress(listener->get()) << std::endl;
  return std::cerr << Server(**poller, listener->get()).Run() << "\n", 1;
}
