#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "net/internal/errno_status.h"

namespace isopoll {
namespace sys {

absl::Status ErrnoStatus(int error, absl::string_view message) {
  return absl::ErrnoToStatus(error, message);
}

}  // namespace sys
}  // namespace isopoll
