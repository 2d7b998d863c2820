#include "echo/loop/connection.h"

#include "isopoll/net/transfer.h"

namespace isopoll::echo {

Interest Connection::interest() const {
  Interest interest = kNone;
  if (CanRead()) interest |= kReadable;
  if (!pending_.empty()) interest |= kWritable;
  return interest;
}

absl::StatusOr<absl::string_view> Connection::Read() {
  if (!CanRead()) return absl::string_view();
  const absl::StatusOr<Transfer> transfer = Receive(fd(), pending_.room());
  const absl::string_view received =
      pending_.Commit(transfer.ok() ? transfer->bytes() : 0);
  if (!transfer.ok()) return transfer.status();
  if (transfer->end_of_file()) peer_finished_ = true;
  return received;
}

absl::StatusOr<size_t> Connection::Write(size_t at_most) {
  if (pending_.empty()) return 0;
  const absl::StatusOr<Transfer> transfer =
      Send(fd(), pending_.front().substr(0, at_most));
  if (!transfer.ok()) return transfer.status();
  pending_.Consume(transfer->bytes());
  return transfer->bytes();
}

}  // namespace isopoll::echo
