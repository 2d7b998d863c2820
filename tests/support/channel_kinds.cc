#include "tests/support/channel_kinds.h"

#include <cerrno>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/sys.h"
#include "tests/support/bind_anywhere.h"
#include "tests/support/owning.h"
#include "tests/support/special_commands.h"
#include "tests/support/world.h"

namespace isopoll::tests {
namespace {

absl::Status Tcp(World& world, const Step& step) {
  absl::StatusOr<SocketPairFds> pair = TcpPair();
  if (!pair.ok()) return pair.status();
  // Or else a second small segment waits for the acknowledgement of the first.
  const int on = 1;
  for (int fd : {pair->first.get(), pair->second.get()}) {
    if (sys::SetSockOpt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0) {
      return absl::ErrnoToStatus(errno, "setsockopt(TCP_NODELAY)");
    }
  }
  return OwnBoth(world, step, std::move(pair->first), std::move(pair->second));
}

absl::Status TcpSocket(World& world, const Step& step) {
  return world.Own(step.word(1), OpenSocket(AF_INET, SOCK_STREAM));
}

absl::Status TcpListener(World& world, const Step& step) {
  return OwnListener(world, step, OpenSocket(AF_INET, SOCK_STREAM));
}

absl::Status UdpSocket(World& world, const Step& step) {
  UniqueFd fd = OpenSocket(AF_INET, SOCK_DGRAM);
  if (absl::Status bound = BindAnywhere(fd.get()); !bound.ok()) return bound;
  return world.Own(step.word(1), std::move(fd));
}

absl::Status Connect(World& world, absl::string_view from,
                     absl::string_view to) {
  absl::StatusOr<int> fd = world.Fd(from);
  if (!fd.ok()) return fd.status();
  absl::StatusOr<World::Address> address = world.AddressOf(to);
  if (!address.ok()) return address.status();
  if (sys::ConnectAtOnce(*fd, reinterpret_cast<sockaddr*>(&address->storage),
                         address->length) != 0) {
    return absl::ErrnoToStatus(errno, "connect");
  }
  return absl::OkStatus();
}

absl::Status Udp(World& world, const Step& step) {
  for (size_t i : {1, 2}) {
    UniqueFd fd = OpenSocket(AF_INET, SOCK_DGRAM);
    absl::Status bound = BindAnywhere(fd.get());
    if (!bound.ok()) return bound;
    absl::Status owned = world.Own(step.word(i), std::move(fd));
    if (!owned.ok()) return owned;
  }
  absl::Status forth = Connect(world, step.word(1), step.word(2));
  return forth.ok() ? Connect(world, step.word(2), step.word(1)) : forth;
}

constexpr Command kKinds[] = {
    {"tcp NEW NEW", "two connected TCP sockets", Tcp},
    {"tcp_socket NEW", "a TCP socket, fresh", TcpSocket},
    {"tcp_listener NEW", "a TCP socket that listens", TcpListener},
    {"udp NEW NEW", "two UDP sockets, each connected to the other", Udp},
    {"udp_socket NEW", "a UDP socket, bound, not connected", UdpSocket},
};

}  // namespace

absl::Span<const Command> ChannelKinds() {
  static const auto& all =
      *new std::vector<Command>(Joined({kKinds, SpecialKinds()}));
  return all;
}

}  // namespace isopoll::tests
