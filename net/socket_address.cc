#include "isopoll/net/socket_address.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "net/internal/dialect.h"
#include "net/internal/errno_status.h"
#include "net/internal/sys.h"

namespace isopoll {
namespace {

constexpr size_t kPathOffset = offsetof(sockaddr_un, sun_path);

// `part` of an address, for a message: quoted, and safe to print.
std::string Quoted(absl::string_view part) {
  return absl::StrCat("\"", absl::Utf8SafeCHexEscape(part), "\"");
}

template <typename Sockaddr>
SocketAddress Make(const Sockaddr& address, size_t length = sizeof(Sockaddr)) {
  static_assert(sizeof(Sockaddr) <= sizeof(sockaddr_storage));
  sockaddr_storage storage = {};
  std::memcpy(&storage, &address, sizeof(address));
  return SocketAddress::FromKernel(storage, static_cast<socklen_t>(length));
}

// The address as the structure of its family; memcpy keeps to the aliasing
// rules.
template <typename Sockaddr>
Sockaddr As(const sockaddr_storage& storage) {
  Sockaddr address;
  std::memcpy(&address, &storage, sizeof(address));
  return address;
}

absl::StatusOr<SocketAddress> ParseUnix(absl::string_view name) {
  if (name.empty()) {
    return absl::InvalidArgumentError(
        "no path after \"unix:\"; expected unix:/path or unix:@name");
  }
  const bool abstract = name[0] == '@';
  if (abstract && !internal::HasAbstractNames()) {
    return absl::InvalidArgumentError(
        "abstract names exist only on Linux; use unix:/path");
  }
  if (name == "@") {
    return absl::InvalidArgumentError(
        "no name after \"unix:@\"; expected unix:@name");
  }
  if (!abstract && absl::StrContains(name, '\0')) {
    return absl::InvalidArgumentError("a path cannot contain a NUL byte");
  }
  sockaddr_un address = {};
  // A path ends with a NUL, an abstract name begins with one.
  const size_t end = abstract ? 0 : 1;
  const size_t room = sizeof(address.sun_path) - end;
  if (name.size() > room) {
    return absl::InvalidArgumentError(
        absl::StrCat("a Unix-domain name of ", name.size(), " bytes; at most ",
                     room, " fit"));
  }
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, room);
  if (abstract) address.sun_path[0] = '\0';
  return Make(address, kPathOffset + name.size() + end);
}

absl::StatusOr<uint16_t> ParsePort(absl::string_view text) {
  int port;
  // SimpleAtoi would take a sign, spaces, and any number of zeros.
  if (text.size() > 5 ||
      !std::all_of(text.begin(), text.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(text, &port) || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(
        "port ", Quoted(text), "; expected a number from 0 to 65535"));
  }
  return static_cast<uint16_t>(port);
}

// `zone` is what stands after '%': an interface's name or number.
absl::StatusOr<uint32_t> ParseZone(absl::string_view zone) {
  uint32_t number = sys::IfNameToIndex(std::string(zone).c_str());
  const absl::Status status = sys::ErrnoStatus(errno, "if_nametoindex");
  if (number != 0 || absl::SimpleAtoi(zone, &number)) return number;
  if (absl::IsResourceExhausted(status)) return status;
  return absl::InvalidArgumentError(
      absl::StrCat("no network interface ", Quoted(zone)));
}

absl::StatusOr<SocketAddress> ParseIpv6(absl::string_view host, uint16_t port) {
  const size_t percent = host.find('%');
  sockaddr_in6 address = {};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  // inet_pton would stop at a NUL byte and not see what follows.
  if (absl::StrContains(host, '\0') ||
      ::inet_pton(AF_INET6, std::string(host.substr(0, percent)).c_str(),
                  &address.sin6_addr) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(host), " is not an IPv6 address"));
  }
  if (percent != absl::string_view::npos) {
    absl::StatusOr<uint32_t> zone = ParseZone(host.substr(percent + 1));
    if (!zone.ok()) return zone.status();
    address.sin6_scope_id = *zone;
  }
  return Make(address);
}

absl::StatusOr<SocketAddress> ParseIpv4(absl::string_view host, uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (::inet_pton(AF_INET, std::string(host).c_str(), &address.sin_addr) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(host), " is not an IPv4 address"));
  }
  return Make(address);
}

absl::Status ResolveError(absl::string_view host, int result, int error) {
  const std::string message = absl::StrCat("cannot resolve ", Quoted(host));
  if (result == EAI_SYSTEM) return sys::ErrnoStatus(error, message);
  if (result == EAI_MEMORY) return absl::ResourceExhaustedError(message);
  return absl::NotFoundError(
      absl::StrCat(message, ": ", sys::GaiStrError(result)));
}

using Addresses = std::vector<SocketAddress>;

absl::StatusOr<Addresses> Resolve(absl::string_view host, uint16_t port) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;  // some want it for a port's number
  addrinfo* found = nullptr;
  const int result = sys::GetAddrInfo(
      std::string(host).c_str(), absl::StrCat(port).c_str(), &hints, &found);
  if (result != 0) return ResolveError(host, result, errno);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found,
                                                             ::freeaddrinfo);
  Addresses addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    sockaddr_storage storage = {};
    std::memcpy(&storage, each->ai_addr, each->ai_addrlen);
    addresses.push_back(SocketAddress::FromKernel(storage, each->ai_addrlen));
  }
  return addresses;
}

// The one address of a text that is no name.
absl::StatusOr<Addresses> Only(absl::StatusOr<SocketAddress> address) {
  if (!address.ok()) return address.status();
  return Addresses{*std::move(address)};
}

bool IsNameCharacter(unsigned char c) {
  return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
}

bool IsIpv4Character(unsigned char c) {
  return absl::ascii_isdigit(c) || c == '.';
}

// `text` is HOST:PORT, where HOST is an IPv4 address or a name.
absl::StatusOr<Addresses> ParseHostPort(absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos) {
    return absl::InvalidArgumentError(
        "no port; expected HOST:PORT, [IPV6]:PORT, unix:/path or unix:@name");
  }
  const absl::string_view host = text.substr(0, colon);
  if (text.find(':', colon + 1) != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        "more than one colon; an IPv6 address goes in brackets, [::1]:8090");
  }
  if (host.empty()) {
    return absl::InvalidArgumentError(
        "no host before the port; 127.0.0.1 is this machine, 0.0.0.0 every "
        "interface");
  }
  if (!std::all_of(host.begin(), host.end(), IsNameCharacter)) {
    return absl::InvalidArgumentError(
        absl::StrCat("host ", Quoted(host), " is not a name or an address"));
  }
  absl::StatusOr<uint16_t> port = ParsePort(text.substr(colon + 1));
  if (!port.ok()) return port.status();
  if (std::all_of(host.begin(), host.end(), IsIpv4Character)) {
    return Only(ParseIpv4(host, *port));
  }
  return Resolve(host, *port);
}

// `text` is what follows '['.
absl::StatusOr<SocketAddress> ParseBracketed(absl::string_view text) {
  const size_t bracket = text.find(']');
  if (bracket == absl::string_view::npos) {
    return absl::InvalidArgumentError("no ] after [; expected [IPV6]:PORT");
  }
  absl::string_view rest = text.substr(bracket + 1);
  if (!absl::ConsumePrefix(&rest, ":")) {
    return absl::InvalidArgumentError("no port after ]; expected [IPV6]:PORT");
  }
  absl::StatusOr<uint16_t> port = ParsePort(rest);
  if (!port.ok()) return port.status();
  return ParseIpv6(text.substr(0, bracket), *port);
}

absl::StatusOr<Addresses> ParseAny(absl::string_view text) {
  if (absl::ConsumePrefix(&text, "unix:")) return Only(ParseUnix(text));
  if (absl::ConsumePrefix(&text, "[")) return Only(ParseBracketed(text));
  return ParseHostPort(text);
}

std::string UnixToString(const sockaddr_un& address, socklen_t length) {
  const size_t size = static_cast<size_t>(length);
  if (size <= kPathOffset) return "unix:";
  const absl::string_view name(
      address.sun_path, std::min(size - kPathOffset, sizeof(address.sun_path)));
  if (name[0] == '\0' && internal::HasAbstractNames()) {
    return absl::StrCat("unix:@", name.substr(1));
  }
  const absl::string_view path = name.substr(0, name.find('\0'));
  // "unix:@x" would be the abstract name x.
  return absl::StrCat("unix:", absl::StartsWith(path, "@") ? "./" : "", path);
}

std::string Ipv6ToString(const sockaddr_in6& address) {
  char host[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(AF_INET6, &address.sin6_addr, host, sizeof(host));
  const std::string zone = address.sin6_scope_id == 0
                               ? ""
                               : absl::StrCat("%", address.sin6_scope_id);
  return absl::StrCat("[", host, zone, "]:", ntohs(address.sin6_port));
}

std::string Ipv4ToString(const sockaddr_in& address) {
  char host[INET_ADDRSTRLEN] = "";
  ::inet_ntop(AF_INET, &address.sin_addr, host, sizeof(host));
  return absl::StrCat(host, ":", ntohs(address.sin_port));
}

}  // namespace

absl::StatusOr<SocketAddress> SocketAddress::Parse(absl::string_view text) {
  const absl::StatusOr<Addresses> addresses = ParseAll(text);
  if (!addresses.ok()) return addresses.status();
  return addresses->front();
}

absl::StatusOr<std::vector<SocketAddress>> SocketAddress::ParseAll(
    absl::string_view text) {
  absl::StatusOr<Addresses> addresses = ParseAny(text);
  if (addresses.ok()) return addresses;
  return absl::Status(addresses.status().code(),
                      absl::StrCat("address ", Quoted(text), ": ",
                                   addresses.status().message()));
}

SocketAddress SocketAddress::FromKernel(const sockaddr_storage& storage,
                                        socklen_t length) {
  // The kernel may say that the address was longer than the room for it.
  return SocketAddress(
      storage, std::min(length, static_cast<socklen_t>(sizeof(storage))));
}

int SocketAddress::port() const {
  switch (family()) {
    case AF_INET:
      return ntohs(As<sockaddr_in>(storage_).sin_port);
    case AF_INET6:
      return ntohs(As<sockaddr_in6>(storage_).sin6_port);
    default:
      return 0;
  }
}

std::string SocketAddress::ToString() const {
  switch (family()) {
    case AF_INET:
      return Ipv4ToString(As<sockaddr_in>(storage_));
    case AF_INET6:
      return Ipv6ToString(As<sockaddr_in6>(storage_));
    default:
      return UnixToString(As<sockaddr_un>(storage_), length_);
  }
}

}  // namespace isopoll
