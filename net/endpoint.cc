#include "isopoll/net/endpoint.h"

#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "isopoll/net/datagram.h"
#include "net/internal/errno_status.h"
#include "net/internal/sys.h"

namespace isopoll {
namespace {

constexpr int kBacklog = 1024;

using Endpoints = std::vector<Endpoint>;

absl::StatusOr<Endpoints> ParseIp(Transport transport, absl::string_view text) {
  const absl::StatusOr<std::vector<SocketAddress>> addresses =
      SocketAddress::ParseAll(text);
  if (!addresses.ok()) return addresses.status();
  if (addresses->front().family() != AF_UNIX) {
    Endpoints endpoints;
    for (const SocketAddress& address : *addresses) {
      endpoints.push_back({transport, address});
    }
    return endpoints;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("address \"", TransportName(transport), ":", text,
                   "\": two transports; expected one of tcp:, udp:, unix: and "
                   "unix-dgram:"));
}

absl::StatusOr<Endpoints> ParseUnix(Transport transport,
                                    absl::string_view text) {
  absl::StatusOr<SocketAddress> address =
      SocketAddress::Parse(absl::StrCat("unix:", text));
  if (!address.ok()) return address.status();
  return Endpoints{{transport, *std::move(address)}};
}

// That of a socket; none if there is none for such.
std::optional<Transport> TransportOf(int family, int type) {
  const bool is_unix = family == AF_UNIX;
  if (!is_unix && family != AF_INET && family != AF_INET6) return std::nullopt;
  switch (type) {
    case SOCK_STREAM:
      return is_unix ? Transport::kUnix : Transport::kTcp;
    case SOCK_DGRAM:
      return is_unix ? Transport::kUnixDgram : Transport::kUdp;
    default:
      return std::nullopt;
  }
}

}  // namespace

absl::string_view TransportName(Transport transport) {
  switch (transport) {
    case Transport::kTcp:
      return "tcp";
    case Transport::kUdp:
      return "udp";
    case Transport::kUnix:
      return "unix";
    case Transport::kUnixDgram:
      return "unix-dgram";
  }
  return "unknown";
}

absl::StatusOr<Endpoint> Endpoint::Parse(absl::string_view text) {
  const absl::StatusOr<Endpoints> endpoints = ParseAll(text);
  if (!endpoints.ok()) return endpoints.status();
  return endpoints->front();
}

absl::StatusOr<std::vector<Endpoint>> Endpoint::ParseAll(
    absl::string_view text) {
  if (absl::ConsumePrefix(&text, "unix:")) {
    return ParseUnix(Transport::kUnix, text);
  }
  if (absl::ConsumePrefix(&text, "unix-dgram:")) {
    return ParseUnix(Transport::kUnixDgram, text);
  }
  if (absl::ConsumePrefix(&text, "udp:")) return ParseIp(Transport::kUdp, text);
  absl::ConsumePrefix(&text, "tcp:");
  return ParseIp(Transport::kTcp, text);
}

absl::StatusOr<Endpoint> Endpoint::OfSocket(int fd) {
  int type;
  socklen_t length = sizeof(type);
  if (sys::GetSockOpt(fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0) {
    return absl::InvalidArgumentError(
        sys::ErrnoStatus(errno, absl::StrCat("SO_TYPE of fd ", fd)).message());
  }
  absl::StatusOr<SocketAddress> address = LocalAddress(fd);
  if (!address.ok()) return address.status();
  const std::optional<Transport> transport =
      TransportOf(address->family(), type);
  if (transport.has_value()) return Endpoint{*transport, *std::move(address)};
  return absl::InvalidArgumentError(absl::StrCat(
      "fd ", fd,
      " is neither TCP, UDP nor a Unix-domain stream or datagram socket"));
}

std::string Endpoint::ToString() const {
  absl::string_view name = TransportName(transport);
  const std::string text = address.ToString();
  absl::string_view rest = text;
  absl::ConsumePrefix(&rest, "unix:");
  return absl::StrCat(name, ":", rest);
}

absl::StatusOr<UniqueFd> BindEndpoint(const Endpoint& endpoint, PortUse use) {
  if (!endpoint.is_stream()) return BindDatagram(endpoint.address, use);
  return Listen(endpoint.address, kBacklog, use);
}

}  // namespace isopoll
