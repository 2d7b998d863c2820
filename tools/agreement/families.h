// Families: the catalogue's states in groups, as readers look for them.

#ifndef ISOPOLL_TOOLS_AGREEMENT_FAMILIES_H_
#define ISOPOLL_TOOLS_AGREEMENT_FAMILIES_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "tools/agreement/matrix.h"

namespace isopoll::agreement {

struct Family {
  std::string title;           // `Pipes`
  absl::Span<const Row> rows;  // of the matrix, which must live on
};

// The rows of `matrix`, in their order. A family is what follows one another
// and has a name with the same first letter: see tests/support/catalogue.h.
std::vector<Family> Families(const Matrix& matrix);

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_FAMILIES_H_
