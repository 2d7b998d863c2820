#include "isopoll/net/options.h"

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "net/internal/errno_status.h"
#include "net/internal/sys.h"

namespace isopoll {
namespace {

template <typename Value>
absl::Status Set(int fd, int level, int name, const Value& value,
                 absl::string_view text) {
  if (sys::SetSockOpt(fd, level, name, &value, sizeof(value)) == 0) {
    return absl::OkStatus();
  }
  // The protocol has no such option.
  if (level == IPPROTO_TCP && (errno == ENOPROTOOPT || errno == EOPNOTSUPP)) {
    return absl::OkStatus();
  }
  return sys::ErrnoStatus(errno,
                          absl::StrCat("setsockopt ", text, " on fd ", fd));
}

}  // namespace

absl::Status SetOptions(int fd, const SocketOptions& options) {
  absl::Status status;
  if (options.no_delay) {
    status.Update(Set(fd, IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY"));
  }
  if (options.urgent_inline) {
    status.Update(Set(fd, SOL_SOCKET, SO_OOBINLINE, 1, "SO_OOBINLINE"));
  }
  if (options.reset_on_close) {
    status.Update(Set(fd, SOL_SOCKET, SO_LINGER, linger{1, 0}, "SO_LINGER"));
  }
  if (options.send_buffer_bytes > 0) {
    status.Update(
        Set(fd, SOL_SOCKET, SO_SNDBUF, options.send_buffer_bytes, "SO_SNDBUF"));
  }
  if (options.receive_buffer_bytes > 0) {
    status.Update(Set(fd, SOL_SOCKET, SO_RCVBUF, options.receive_buffer_bytes,
                      "SO_RCVBUF"));
  }
  return status;
}

}  // namespace isopoll
