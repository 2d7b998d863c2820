// ErrnoStatus: an errno as a Status.

#ifndef ISOPOLL_NET_INTERNAL_ERRNO_STATUS_H_
#define ISOPOLL_NET_INTERNAL_ERRNO_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace isopoll {
namespace sys {

// As absl::ErrnoToStatus: `message`, and what the system says of `error`. On
// Windows that begins with the name of the Winsock error, as strerror has no
// text for those.
absl::Status ErrnoStatus(int error, absl::string_view message);

}  // namespace sys
}  // namespace isopoll

#endif  // ISOPOLL_NET_INTERNAL_ERRNO_STATUS_H_
