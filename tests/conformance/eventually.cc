#include "tests/conformance/eventually.h"

#include "absl/functional/function_ref.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace isopoll {

bool Eventually(absl::FunctionRef<bool()> condition) {
  const absl::Time give_up = absl::Now() + kBound;
  while (!condition()) {
    if (absl::Now() > give_up) return false;
    absl::SleepFor(absl::Milliseconds(1));
  }
  return true;
}

}  // namespace isopoll
