// Subject: what is measured, and by whom.

#ifndef ISOPOLL_TOOLS_AGREEMENT_SUBJECT_H_
#define ISOPOLL_TOOLS_AGREEMENT_SUBJECT_H_

#include <vector>

#include "absl/types/span.h"
#include "tests/support/catalogue.h"
#include "tools/agreement/known_differences.h"
#include "tools/agreement/observer.h"

namespace isopoll::agreement {

struct Subject {
  std::vector<tests::State> states;
  Observers observers;
  absl::Span<const KnownDifference> known;
};

// All of the catalogue that this system has, with what it answers, by its calls
// and all its backends.
Subject WholeSubject();

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_SUBJECT_H_
