#include "net/internal/bind.h"

#include <cerrno>
#include <optional>

#include "absl/strings/str_cat.h"
#include "net/internal/descriptors.h"
#include "net/internal/dialect.h"
#include "net/internal/errno_status.h"
#include "net/internal/sys.h"
#include "net/internal/unix_path.h"

namespace isopoll {
namespace internal {
namespace {

absl::Status SetOption(int fd, int level, int name, absl::string_view text) {
  const int on = 1;
  if (sys::SetSockOpt(fd, level, name, &on, sizeof(on)) == 0) {
    return absl::OkStatus();
  }
  return sys::ErrnoStatus(errno,
                          absl::StrCat("setsockopt ", text, " on fd ", fd));
}

absl::Status SharePort(int fd) {
  const std::optional<int> option = SharedPortOption();
  if (option.has_value()) {
    return SetOption(fd, SOL_SOCKET, *option, "SO_REUSEPORT");
  }
  return absl::UnimplementedError(
      "this system does not deal out a port among several sockets: bind one, "
      "and hand on what it takes");
}

absl::Status SetOptions(int fd, int family, int type, bool share_port) {
  if (family == AF_UNIX) return absl::OkStatus();
  absl::Status status;
  if (const auto option = ServerPortOption(type); option.has_value()) {
    status = SetOption(fd, SOL_SOCKET, option->option, option->name);
  }
  if (status.ok() && share_port) status = SharePort(fd);
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

absl::Status BindOnce(int fd, const SocketAddress& address) {
  if (sys::Bind(fd, address.data(), address.length()) == 0) {
    return absl::OkStatus();
  }
  return BindError(address, "bind to", errno);
}

absl::Status Bind(int fd, const SocketAddress& address, int type) {
  absl::Status bound = BindOnce(fd, address);
  if (address.family() != AF_UNIX || !absl::IsAlreadyExists(bound)) {
    return bound;
  }
  absl::StatusOr<UniqueFd> probe = OpenFor(address, type);
  if (!probe.ok()) return probe.status();
  absl::Status removed = RemoveLeftOver(address, probe->get());
  return removed.ok() ? BindOnce(fd, address) : removed;
}

}  // namespace

absl::StatusOr<UniqueFd> OpenFor(const SocketAddress& address, int type) {
  UniqueFd fd(OpenSocket(address.family(), type));
  if (fd) return fd;
  return sys::ErrnoStatus(errno,
                          absl::StrCat("socket for ", address.ToString()));
}

absl::StatusOr<UniqueFd> OpenAndBind(const SocketAddress& address, int type,
                                     bool share_port) {
  absl::StatusOr<UniqueFd> fd = OpenFor(address, type);
  if (!fd.ok()) return fd;
  absl::Status status =
      SetOptions(fd->get(), address.family(), type, share_port);
  if (status.ok()) status = Bind(fd->get(), address, type);
  if (!status.ok()) return status;
  return fd;
}

absl::StatusOr<UniqueFd> OpenFrom(const SocketAddress* source,
                                  const SocketAddress& address, int type) {
  absl::StatusOr<UniqueFd> fd = OpenFor(address, type);
  if (!fd.ok() || source == nullptr) return fd;
  if (sys::Bind(fd->get(), source->data(), source->length()) == 0) return fd;
  return BindError(*source, "bind to", errno);
}

absl::Status BindError(const SocketAddress& address, absl::string_view call,
                       int error) {
  if (error == EADDRINUSE) return InUse(address);
  return sys::ErrnoStatus(error, absl::StrCat(call, " ", address.ToString()));
}

}  // namespace internal
}  // namespace isopoll
