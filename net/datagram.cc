#include "isopoll/net/datagram.h"

#include <cerrno>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "net/internal/bind.h"
#include "net/internal/dialect.h"
#include "net/internal/errno_status.h"
#include "net/internal/sys.h"

namespace isopoll {
namespace {

absl::Status DatagramError(absl::string_view what, int error) {
  absl::Status status = sys::ErrnoStatus(error, what);
  // ErrnoStatus has Unavailable for the other errors of a peer that is gone.
  switch (error) {
    case ENOENT:
    case ENOTCONN:
    case EPIPE:
      return absl::UnavailableError(status.message());
    default:
      return status;
  }
}

}  // namespace

absl::StatusOr<UniqueFd> BindDatagram(const SocketAddress& address,
                                      PortUse use) {
  return internal::OpenAndBind(address, SOCK_DGRAM, use == PortUse::kShared);
}

absl::StatusOr<UniqueFd> ConnectDatagram(const SocketAddress& address,
                                         const SocketAddress* source) {
  absl::StatusOr<UniqueFd> fd = internal::OpenFrom(source, address, SOCK_DGRAM);
  if (!fd.ok()) return fd;
  if (address.family() == AF_UNIX && source == nullptr) {
    absl::Status named = internal::BindToAnyUnixName(fd->get());
    if (!named.ok()) return named;
  }
  if (sys::ConnectAtOnce(fd->get(), address.data(), address.length()) == 0)
    return fd;
  return DatagramError(absl::StrCat("connect to ", address.ToString()), errno);
}

absl::StatusOr<std::optional<Datagram>> ReceiveDatagram(
    int fd, absl::Span<char> buffer) {
  sockaddr_storage from = {};
  socklen_t length = sizeof(from);
  bool truncated = false;
  const ptrdiff_t count =
      sys::RecvFrom(fd, buffer.data(), buffer.size(),
                    reinterpret_cast<sockaddr*>(&from), &length, &truncated);
  if (count != -1) {
    return Datagram{static_cast<size_t>(count), truncated,
                    SocketAddress::FromKernel(from, length)};
  }
  if (errno == EAGAIN) return std::nullopt;
  return DatagramError(absl::StrCat("recvmsg on fd ", fd), errno);
}

absl::StatusOr<Sent> SendDatagram(int fd, absl::string_view data,
                                  const SocketAddress* to) {
  const ptrdiff_t count = sys::SendTo(fd, data.data(), data.size(),
                                      to == nullptr ? nullptr : to->data(),
                                      to == nullptr ? 0 : to->length());
  if (count != -1) return Sent::kYes;
  switch (errno) {
    case EAGAIN:
    case ENOBUFS:
      return Sent::kNoRoom;
    case EMSGSIZE:
      return Sent::kTooLong;
    default:
      return DatagramError(absl::StrCat("sendto on fd ", fd), errno);
  }
}

}  // namespace isopoll
