// All but macOS, whose select(2) knows no false priority.

#include "isopoll/interest.h"
#include "poller/system/false_priority.h"

namespace isopoll {
namespace internal {

Interest WithoutFalsePriority(int /*fd*/, Interest interest) {
  return interest;
}

}  // namespace internal
}  // namespace isopoll
