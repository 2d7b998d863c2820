#include "isopoll/net/socket.h"

#include <cerrno>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/bind.h"
#include "net/internal/descriptors.h"
#include "net/internal/dialect.h"
#include "net/internal/errno_status.h"
#include "net/internal/sys.h"

namespace isopoll {
namespace {

// More than any queue of connections that died; it ends only a loop over a
// kernel that gives the same error for ever, as for a datagram socket.
constexpr int kMaxDeadConnections = 1 << 16;

absl::Status ConnectError(absl::string_view what, int error) {
  std::string message = absl::StrCat("connect ", what);
  // A full queue, which Linux reports so for Unix-domain servers.
  if (error == EAGAIN) {
    return absl::ResourceExhaustedError(
        absl::StrCat(message, ": the server's queue is full; try again later"));
  }
  absl::Status status = sys::ErrnoStatus(error, message);
  if (absl::IsPermissionDenied(status)) return status;
  return absl::UnavailableError(status.message());
}

bool AnybodyWaits(int listener) {
  return sys::PollOne(listener, POLLIN, 0) != 0;
}

absl::Status AcceptError(int listener, int error) {
  return sys::ErrnoStatus(error, absl::StrCat("accept on fd ", listener));
}

}  // namespace

absl::StatusOr<UniqueFd> Listen(const SocketAddress& address, int backlog,
                                PortUse use) {
  absl::StatusOr<UniqueFd> fd =
      internal::OpenAndBind(address, SOCK_STREAM, use == PortUse::kShared);
  if (!fd.ok()) return fd;
  // Linux lets two sockets bind one port; the second listen then fails.
  if (sys::Listen(fd->get(), backlog) < 0) {
    return internal::BindError(address, "listen on", errno);
  }
  return fd;
}

bool HasSharedPorts() { return internal::SharedPortOption().has_value(); }

absl::StatusOr<UniqueFd> Connect(const SocketAddress& address,
                                 const SocketAddress* source) {
  absl::StatusOr<UniqueFd> fd =
      internal::OpenFrom(source, address, SOCK_STREAM);
  if (!fd.ok()) return fd;
  // POSIX: after EINTR the connection goes on by itself.
  if (sys::Connect(fd->get(), address.data(), address.length()) == 0 ||
      errno == EINPROGRESS || errno == EINTR) {
    return fd;
  }
  return ConnectError(absl::StrCat("to ", address.ToString()), errno);
}

absl::Status FinishConnect(int fd) {
  int error;
  socklen_t error_length = sizeof(error);
  if (sys::GetSockOpt(fd, SOL_SOCKET, SO_ERROR, &error, &error_length) < 0) {
    return sys::ErrnoStatus(errno, absl::StrCat("SO_ERROR of fd ", fd));
  }
  if (error != 0) return ConnectError(absl::StrCat("of fd ", fd), error);
  // No error yet does not mean connected.
  sockaddr_storage peer;
  socklen_t peer_length = sizeof(peer);
  if (sys::GetPeerName(fd, reinterpret_cast<sockaddr*>(&peer), &peer_length) ==
      0) {
    return absl::OkStatus();
  }
  if (errno == ENOTCONN) {
    return absl::FailedPreconditionError(
        absl::StrCat("fd ", fd,
                     " is not connected yet; wait until it is "
                     "writable, then ask once"));
  }
  return sys::ErrnoStatus(errno, absl::StrCat("getpeername of fd ", fd));
}

bool IsListening(int fd) {
  int listens = 0;  // unless the kernel can tell
  socklen_t size = sizeof(listens);
  sys::GetSockOpt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size);
  return listens != 0;
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
    // A kernel that is short of descriptors says so before it looks.
    const int error = errno;
    const bool short_of_them = error == EMFILE || error == ENFILE;
    if (short_of_them && !AnybodyWaits(listener)) return std::nullopt;
    return AcceptError(listener, error);
  }
}

absl::StatusOr<SocketAddress> LocalAddress(int fd) {
  sockaddr_storage storage = {};
  socklen_t length = sizeof(storage);
  if (sys::GetSockName(fd, reinterpret_cast<sockaddr*>(&storage), &length) <
      0) {
    return sys::ErrnoStatus(errno, absl::StrCat("getsockname of fd ", fd));
  }
  return SocketAddress::FromKernel(storage, length);
}

absl::Status ShutdownWrite(int fd) {
  if (sys::Shutdown(fd, SHUT_WR) == 0) return absl::OkStatus();
  const int error = errno;
  absl::Status status =
      sys::ErrnoStatus(error, absl::StrCat("shutdown of fd ", fd));
  if (error != ENOTCONN) return status;
  return absl::UnavailableError(status.message());
}

}  // namespace isopoll
