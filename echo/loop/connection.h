// Connection: one peer, and the bytes that are pending for it.

#ifndef ISOPOLL_ECHO_LOOP_CONNECTION_H_
#define ISOPOLL_ECHO_LOOP_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "echo/loop/byte_queue.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::echo {

// Reads from a stream socket and writes the same bytes back. Knows no Poller:
// its owner waits for interest() and then calls Read and Write. Movable;
// used from one thread at a time.
class Connection {
 public:
  // Takes over a connected stream socket. At most `buffer_bytes`, which must be
  // positive, are pending.
  Connection(UniqueFd fd, size_t buffer_bytes)
      : fd_(std::move(fd)), pending_(buffer_bytes) {}

  int fd() const { return fd_.get(); }

  // What to wait for: reading while there is room for more, writing only while
  // something is pending. So a peer that does not read is, once the buffer is
  // full, not read from either. Empty if and only if done().
  Interest interest() const;

  // The peer has said its last and got everything back: time to close.
  bool done() const { return peer_finished_ && pending_.empty(); }

  // How many bytes were received and not yet sent back.
  size_t pending() const { return pending_.size(); }

  // Receives once, at most as much as there is room for, and returns what
  // came, valid until the next Read or Write. Empty: nothing came now, the peer
  // has finished, or there is no room. An error, such as a reset, ends the
  // connection.
  absl::StatusOr<absl::string_view> Read();

  // Sends once, from the front of what is pending, and returns how many bytes
  // went. Zero: there is no room now, or nothing is pending. An error ends the
  // connection.
  absl::StatusOr<size_t> Write(size_t at_most = SIZE_MAX);

  // Forgets what is pending.
  void Discard() { pending_.Consume(pending_.size()); }

 private:
  bool CanRead() const { return !peer_finished_ && !pending_.full(); }

  UniqueFd fd_;
  ByteQueue pending_;
  bool peer_finished_ = false;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOOP_CONNECTION_H_
