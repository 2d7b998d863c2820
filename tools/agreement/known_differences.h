// The one reviewed list of what may differ because kernels do.

#ifndef ISOPOLL_TOOLS_AGREEMENT_KNOWN_DIFFERENCES_H_
#define ISOPOLL_TOOLS_AGREEMENT_KNOWN_DIFFERENCES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace isopoll::agreement {

struct KnownDifference {
  absl::string_view row;     // `T06NeverConnected s`
  absl::string_view column;  // `select(2)`: not what the catalogue says
  absl::string_view reason;  // what the kernel does, in a sentence
};

absl::Span<const KnownDifference> KnownDifferences();

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_KNOWN_DIFFERENCES_H_
