#include "tests/kqueue_standin/tcp_bytes_received.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>

namespace isopoll::kqueue_standin {

std::optional<uint64_t> TcpBytesReceived(int fd) {
  tcp_info info = {};
  socklen_t size = sizeof(info);
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
    return std::nullopt;
  }
  return info.tcpi_bytes_received;
}

}  // namespace isopoll::kqueue_standin
