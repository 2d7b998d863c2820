// Standard input and output, for a conversation over a Poller.

#ifndef ISOPOLL_ECHO_LOAD_TYPED_IO_H_
#define ISOPOLL_ECHO_LOAD_TYPED_IO_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::echo {

// Takes over standard input, of whatever kind and mode: a descriptor that a
// Poller can watch, and ReadTyped reads. To be called once.
absl::StatusOr<UniqueFd> TakeTypedInput();

// Reads what is there now: of a terminal, a line.
absl::StatusOr<Transfer> ReadTyped(int input, absl::Span<char> buffer);

// Writes all of `data` to standard output, of whatever kind and mode. Blocks as
// long as there is no room: the reader decides how fast we go.
absl::Status WriteTyped(absl::string_view data);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_TYPED_IO_H_
