#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "net/internal/errno_status.h"
#include "net/internal/winsock.h"

namespace isopoll {
namespace sys {

absl::Status ErrnoStatus(int error, absl::string_view message) {
  const int code = internal::FromErrno(error);
  if (code == 0) return absl::ErrnoToStatus(error, message);
  // Elsewhere these are one, and Abseil knows the other.
  const int known = error == EOPNOTSUPP ? ENOTSUP : error;
  return absl::Status(absl::ErrnoToStatusCode(known),
                      absl::StrCat(message, ": ", internal::Describe(code)));
}

}  // namespace sys
}  // namespace isopoll
