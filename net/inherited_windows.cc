#include <vector>

#include "absl/status/statusor.h"
#include "isopoll/net/inherited.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll {

// No service manager of Windows hands sockets over.
absl::StatusOr<std::vector<UniqueFd>> TakeInheritedSockets() {
  return std::vector<UniqueFd>();
}

}  // namespace isopoll
