// Send and Receive: non-blocking transfers whose outcome is a type.

#ifndef ISOPOLL_NET_TRANSFER_H_
#define ISOPOLL_NET_TRANSFER_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace isopoll {

// What one transfer came to: bytes, would-block, or end of file.
class Transfer {
 public:
  static constexpr Transfer Bytes(size_t count) {
    return Transfer(Kind::kBytes, count);
  }
  static constexpr Transfer WouldBlock() {
    return Transfer(Kind::kWouldBlock, 0);
  }
  static constexpr Transfer EndOfFile() {
    return Transfer(Kind::kEndOfFile, 0);
  }

  // Nothing was moved; wait for readiness and try again.
  constexpr bool would_block() const { return kind_ == Kind::kWouldBlock; }

  // The peer has closed its sending half and everything was read.
  constexpr bool end_of_file() const { return kind_ == Kind::kEndOfFile; }

  // How many bytes were moved: at least 1 unless one of the above holds or
  // the caller's buffer was empty.
  constexpr size_t bytes() const { return bytes_; }

 private:
  enum class Kind { kBytes, kWouldBlock, kEndOfFile };
  constexpr Transfer(Kind kind, size_t bytes) : kind_(kind), bytes_(bytes) {}

  Kind kind_;
  size_t bytes_;
};

// Receives into `buffer` what a stream socket has, without blocking whatever
// the socket's mode. An error, such as a reset, is consumed by reporting it.
// Unavailable: the peer is gone, see IsPeerGone; any other code is what the
// kernel said of `fd`.
absl::StatusOr<Transfer> Receive(int fd, absl::Span<char> buffer);

// Sends the front of `data` on a stream socket, as much as there is room for,
// without blocking whatever the socket's mode. SIGPIPE is never raised: a
// closed write half is an error. Errors as for Receive.
//
// macOS: send(2) heeds only the socket's own mode and its SO_NOSIGPIPE. Both
// are right for every socket that net/socket.h and net/pairs.h make. On Windows
// Receive, too, heeds only the mode.
absl::StatusOr<Transfer> Send(int fd, absl::string_view data);

// How many bytes `fd`, a stream socket, has for Receive now; 0 also if that
// cannot be told.
size_t BytesToReceive(int fd);

// How many bytes that Send took have not got to the peer yet, roughly (on a
// Unix-domain socket more, as it counts memory); 0 also if that cannot be told,
// as on macOS, the BSDs and Windows.
size_t BytesUnsent(int fd);

// Whether `status`, from Send, Receive or ShutdownWrite, says that the peer
// went away or can no longer be reached (ECONNRESET, EPIPE, ETIMEDOUT and the
// like), which ends one connection and nothing else.
bool IsPeerGone(const absl::Status& status);

}  // namespace isopoll

#endif  // ISOPOLL_NET_TRANSFER_H_
