#include "net/socket.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "net/internal/descriptors.h"
#include "net/internal/dialect.h"
#include "net/socket_address.h"
#include "net/unique_fd.h"

namespace isopoll {
namespace {

// More than any queue of connections that died; it ends only a loop over a
// kernel that gives the same error for ever, as for a datagram socket.
constexpr int kMaxDeadConnections = 1 << 16;

absl::StatusOr<UniqueFd> OpenStream(const SocketAddress& address) {
  UniqueFd fd(internal::OpenSocket(address.family(), SOCK_STREAM));
  if (fd) return fd;
  return absl::ErrnoToStatus(errno,
                             absl::StrCat("socket for ", address.ToString()));
}

absl::Status SetOption(int fd, int level, int name, absl::string_view text) {
  const int on = 1;
  if (::setsockopt(fd, level, name, &on, sizeof(on)) == 0) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(errno,
                             absl::StrCat("setsockopt ", text, " on fd ", fd));
}

absl::Status SetListenOptions(int fd, int family) {
  if (family == AF_UNIX) return absl::OkStatus();
  absl::Status status = SetOption(fd, SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR");
  if (!status.ok() || family != AF_INET6) return status;
  return SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, "IPV6_V6ONLY");
}

absl::Status InUse(const SocketAddress& address) {
  return absl::AlreadyExistsError(absl::StrCat(
      address.ToString(), " is in use; ",
      address.family() == AF_UNIX
          ? "choose another name, or end the server there"
          : "choose another port, or port 0 for one that is free"));
}

absl::Status BindError(const SocketAddress& address, absl::string_view call,
                       int error) {
  if (error == EADDRINUSE) return InUse(address);
  return absl::ErrnoToStatus(error,
                             absl::StrCat(call, " ", address.ToString()));
}

// The path of a Unix-domain address; empty for an abstract name.
std::string UnixPath(const SocketAddress& address) {
  sockaddr_un name;
  std::memcpy(&name, address.data(), sizeof(name));
  return std::string(name.sun_path,
                     ::strnlen(name.sun_path, sizeof(name.sun_path)));
}

// Removes the socket at the path of `address` if no server is behind it. Only
// a connection shows that: a server that is alive sees it come and go.
absl::Status RemoveLeftOver(const SocketAddress& address) {
  const std::string path = UnixPath(address);
  if (path.empty()) return InUse(address);
  struct stat file;
  if (::lstat(path.c_str(), &file) != 0) {
    // It went away meanwhile; bind again.
    if (errno == ENOENT) return absl::OkStatus();
    return absl::ErrnoToStatus(errno, absl::StrCat("lstat ", path));
  }
  if (!S_ISSOCK(file.st_mode)) {
    return absl::AlreadyExistsError(
        absl::StrCat(address.ToString(),
                     " is a file, not a socket; choose "
                     "another path, or remove it"));
  }
  absl::StatusOr<UniqueFd> probe = OpenStream(address);
  if (!probe.ok()) return probe.status();
  if (::connect(probe->get(), address.data(), address.length()) == 0 ||
      errno != ECONNREFUSED) {
    return InUse(address);
  }
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, absl::StrCat("unlink ", path));
}

absl::Status Bind(int fd, const SocketAddress& address) {
  if (::bind(fd, address.data(), address.length()) == 0) {
    return absl::OkStatus();
  }
  if (errno != EADDRINUSE || address.family() != AF_UNIX) {
    return BindError(address, "bind to", errno);
  }
  absl::Status removed = RemoveLeftOver(address);
  if (!removed.ok()) return removed;
  if (::bind(fd, address.data(), address.length()) == 0) {
    return absl::OkStatus();
  }
  return BindError(address, "bind to", errno);
}

absl::Status ConnectError(absl::string_view what, int error) {
  std::string message = absl::StrCat("connect ", what);
  // A full queue, which Linux reports so for Unix-domain servers.
  if (error == EAGAIN) {
    return absl::UnavailableError(
        absl::StrCat(message, ": the server's queue is full; try again later"));
  }
  absl::Status status = absl::ErrnoToStatus(error, message);
  if (error == EACCES || error == EPERM) return status;
  return absl::UnavailableError(status.message());
}

absl::Status AcceptError(int listener, int error) {
  return absl::ErrnoToStatus(error, absl::StrCat("accept on fd ", listener));
}

}  // namespace

absl::StatusOr<UniqueFd> Listen(const SocketAddress& address, int backlog) {
  absl::StatusOr<UniqueFd> fd = OpenStream(address);
  if (!fd.ok()) return fd;
  absl::Status options = SetListenOptions(fd->get(), address.family());
  if (!options.ok()) return options;
  absl::Status bound = Bind(fd->get(), address);
  if (!bound.ok()) return bound;
  // Linux lets two sockets bind one port; the second listen then fails.
  if (::listen(fd->get(), backlog) < 0) {
    return BindError(address, "listen on", errno);
  }
  return fd;
}

absl::StatusOr<UniqueFd> Connect(const SocketAddress& address) {
  absl::StatusOr<UniqueFd> fd = OpenStream(address);
  if (!fd.ok()) return fd;
  // POSIX: after EINTR the connection goes on by itself.
  if (::connect(fd->get(), address.data(), address.length()) == 0 ||
      errno == EINPROGRESS || errno == EINTR) {
    return fd;
  }
  return ConnectError(absl::StrCat("to ", address.ToString()), errno);
}

absl::Status FinishConnect(int fd) {
  int error = 0;
  socklen_t error_length = sizeof(error);
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_length) < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("SO_ERROR of fd ", fd));
  }
  if (error != 0) return ConnectError(absl::StrCat("of fd ", fd), error);
  // No error yet does not mean connected.
  sockaddr_storage peer;
  socklen_t peer_length = sizeof(peer);
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &peer_length) ==
      0) {
    return absl::OkStatus();
  }
  if (errno == ENOTCONN) {
    return absl::FailedPreconditionError(
        absl::StrCat("fd ", fd,
                     " is not connected yet; wait until it is "
                     "writable, then ask once"));
  }
  return absl::ErrnoToStatus(errno, absl::StrCat("getpeername of fd ", fd));
}

absl::StatusOr<std::optional<Accepted>> Accept(int listener) {
  for (int dead = 0;;) {
    sockaddr_storage peer = {};
    socklen_t length = sizeof(peer);
    UniqueFd fd(internal::AcceptSocket(
        listener, reinterpret_cast<sockaddr*>(&peer), &length));
    if (fd) {
      return Accepted{std::move(fd), SocketAddress::FromKernel(peer, length)};
    }
    if (errno == EAGAIN) return std::nullopt;
    if (errno == EINTR) continue;
    if (internal::IsDeadConnection(errno) && ++dead < kMaxDeadConnections) {
      continue;
    }
    return AcceptError(listener, errno);
  }
}

absl::StatusOr<SocketAddress> LocalAddress(int fd) {
  sockaddr_storage storage = {};
  socklen_t length = sizeof(storage);
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("getsockname of fd ", fd));
  }
  return SocketAddress::FromKernel(storage, length);
}

absl::Status ShutdownWrite(int fd) {
  if (::shutdown(fd, SHUT_WR) == 0) return absl::OkStatus();
  const int error = errno;
  absl::Status status =
      absl::ErrnoToStatus(error, absl::StrCat("shutdown of fd ", fd));
  if (error != ENOTCONN) return status;
  return absl::UnavailableError(status.message());
}

}  // namespace isopoll
