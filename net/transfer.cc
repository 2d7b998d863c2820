#include "isopoll/net/transfer.h"

#include <cerrno>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "net/internal/dialect.h"
#include "net/internal/errno_status.h"
#include "net/internal/sys.h"

namespace isopoll {
namespace {

absl::Status TransferError(absl::string_view call, int fd, int error) {
  absl::Status status =
      sys::ErrnoStatus(error, absl::StrCat(call, " on fd ", fd));
  // ErrnoStatus has Unavailable for the other errors of a peer that is gone.
  switch (error) {
    case EPIPE:
    case ETIMEDOUT:
      return absl::UnavailableError(status.message());
    default:
      return status;
  }
}

}  // namespace

absl::StatusOr<Transfer> Receive(int fd, absl::Span<char> buffer) {
  // recv would return 0, which is end of file.
  if (buffer.empty()) return Transfer::Bytes(0);
  const ptrdiff_t count = sys::Recv(fd, buffer.data(), buffer.size());
  if (count > 0) return Transfer::Bytes(static_cast<size_t>(count));
  if (count == 0) return Transfer::EndOfFile();
  if (errno == EAGAIN) return Transfer::WouldBlock();
  return TransferError("recv", fd, errno);
}

absl::StatusOr<Transfer> Send(int fd, absl::string_view data) {
  if (data.empty()) return Transfer::Bytes(0);
  const ptrdiff_t count = sys::Send(fd, data.data(), data.size());
  if (count != -1) return Transfer::Bytes(static_cast<size_t>(count));
  if (errno == EAGAIN) return Transfer::WouldBlock();
  return TransferError("send", fd, errno);
}

size_t BytesToReceive(int fd) {
  int bytes = 0;  // unless the kernel can tell
  sys::BytesToRead(fd, &bytes);
  return static_cast<size_t>(bytes);
}

size_t BytesUnsent(int fd) { return internal::BytesUnsent(fd); }

bool IsPeerGone(const absl::Status& status) {
  return absl::IsUnavailable(status);
}

}  // namespace isopoll
