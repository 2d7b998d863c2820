// TcpBytesReceived, in a file of its own: only <linux/tcp.h> has the field, and
// it cannot be included beside <netinet/tcp.h>.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_TCP_BYTES_RECEIVED_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_TCP_BYTES_RECEIVED_H_

#include <cstdint>
#include <optional>

namespace isopoll::kqueue_standin {

// How many bytes have come so far, read or not.
std::optional<uint64_t> TcpBytesReceived(int fd);

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_TCP_BYTES_RECEIVED_H_
