#include "isopoll/net/pairs.h"

#include <cerrno>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "net/internal/errno_status.h"
#include "net/internal/sys.h"

namespace isopoll {
namespace {

// Far beyond any handshake on loopback; it ends only a wait that would never
// end, as behind a packet filter that drops loopback traffic.
constexpr int kHandshakeMilliseconds = 10000;

absl::Status AwaitEvent(int fd, short events) {
  const int ready = sys::PollOne(fd, events, kHandshakeMilliseconds);
  if (ready == 1) return absl::OkStatus();
  if (ready == -1) return sys::ErrnoStatus(errno, "poll");
  return absl::DeadlineExceededError(
      "no TCP handshake over 127.0.0.1 within 10 s; check for a packet filter "
      "on the loopback interface");
}

// Accepts from `listener` until the connection is that of `client`: any
// process of this machine may have connected too.
absl::StatusOr<UniqueFd> AcceptFrom(int listener, int client) {
  absl::StatusOr<SocketAddress> expected = LocalAddress(client);
  if (!expected.ok()) return expected.status();
  while (true) {
    if (absl::Status ready = AwaitEvent(listener, POLLIN); !ready.ok()) {
      return ready;
    }
    absl::StatusOr<std::optional<Accepted>> accepted = Accept(listener);
    if (!accepted.ok()) return accepted.status();
    if (accepted->has_value() &&
        (*accepted)->peer.ToString() == expected->ToString()) {
      return std::move((*accepted)->fd);
    }
  }
}

}  // namespace

absl::StatusOr<SocketPairFds> SocketPair(int type) {
  int fds[2];
  if (internal::OpenSocketPair(type, fds) < 0) {
    return sys::ErrnoStatus(errno, "socketpair");
  }
  return SocketPairFds{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

absl::StatusOr<SocketPairFds> TcpPair() {
  const auto any_port = SocketAddress::Parse("127.0.0.1:0");
  absl::StatusOr<UniqueFd> listener = Listen(*any_port);
  if (!listener.ok()) return listener.status();
  absl::StatusOr<SocketAddress> address = LocalAddress(listener->get());
  if (!address.ok()) return address.status();
  absl::StatusOr<UniqueFd> client = Connect(*address);
  if (!client.ok()) return client.status();
  if (absl::Status ready = AwaitEvent(client->get(), POLLOUT); !ready.ok()) {
    return ready;
  }
  absl::Status connected = FinishConnect(client->get());
  if (!connected.ok()) return connected;
  absl::StatusOr<UniqueFd> server = AcceptFrom(listener->get(), client->get());
  if (!server.ok()) return server.status();
  return SocketPairFds{*std::move(client), *std::move(server)};
}

absl::StatusOr<PipeFds> Pipe() {
  int fds[2];
  if (internal::OpenPipe(fds) < 0) return sys::ErrnoStatus(errno, "pipe");
  return PipeFds{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

}  // namespace isopoll
