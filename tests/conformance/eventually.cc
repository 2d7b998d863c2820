#include "tests/conformance/eventually.h"

#include <poll.h>

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace isopoll {

bool Eventually(absl::FunctionRef<bool()> condition) {
  const absl::Time give_up = absl::Now() + kBound;
  while (!condition()) {
    if (absl::Now() > give_up) return false;
    ::poll(nullptr, 0, /*timeout=*/1);
  }
  return true;
}

}  // namespace isopoll
