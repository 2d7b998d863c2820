#include "net/datagram.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "net/internal/bind.h"
#include "net/internal/descriptors.h"
#include "net/internal/dialect.h"
#include "net/internal/retry.h"

namespace isopoll {
namespace {

absl::Status DatagramError(absl::string_view what, int error) {
  absl::Status status = absl::ErrnoToStatus(error, what);
  // ErrnoToStatus has Unavailable for the other errors of a peer that is gone.
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
  if (internal::ConnectAtOnce(fd->get(), address) == 0) return fd;
  return DatagramError(absl::StrCat("connect to ", address.ToString()), errno);
}

absl::StatusOr<std::optional<Datagram>> ReceiveDatagram(
    int fd, absl::Span<char> buffer) {
  sockaddr_storage from = {};
  iovec piece = {buffer.data(), buffer.size()};
  msghdr message = {};
  message.msg_name = &from;
  message.msg_namelen = sizeof(from);
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  const ssize_t count = internal::RetryOnInterrupt(
      [&] { return ::recvmsg(fd, &message, MSG_DONTWAIT); });
  if (count != -1) {
    return Datagram{static_cast<size_t>(count),
                    (message.msg_flags & MSG_TRUNC) != 0,
                    SocketAddress::FromKernel(from, message.msg_namelen)};
  }
  if (errno == EAGAIN) return std::nullopt;
  return DatagramError(absl::StrCat("recvmsg on fd ", fd), errno);
}

absl::StatusOr<Sent> SendDatagram(int fd, absl::string_view data,
                                  const SocketAddress* to) {
  const ssize_t count = internal::RetryOnInterrupt([&] {
    return ::sendto(
        fd, data.data(), data.size(), MSG_DONTWAIT | internal::kSendFlags,
        to == nullptr ? nullptr : to->data(), to == nullptr ? 0 : to->length());
  });
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
