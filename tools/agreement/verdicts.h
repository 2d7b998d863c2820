// Verdicts: who agrees with the reference, and the sum of it.

#ifndef ISOPOLL_TOOLS_AGREEMENT_VERDICTS_H_
#define ISOPOLL_TOOLS_AGREEMENT_VERDICTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "tools/agreement/known_differences.h"
#include "tools/agreement/matrix.h"

namespace isopoll::agreement {

// Gives every cell its verdict. The reference must say what the catalogue
// says, hints included; isopoll what the reference says, hints included, or
// kRefused where the contract refuses; a peer as much of the readiness as it
// has words for.
void PassVerdicts(absl::Span<const KnownDifference> known, Matrix& matrix);

struct Summary {
  size_t states = 0;
  size_t descriptors = 0;
  size_t backends = 0;
  size_t standins = 0;  // backends on what stands in for a kernel
  // A line each: `P02WriterGone r: isopoll poll says rw+hc, right is r+hc`.
  std::vector<std::string> differences;
  std::vector<std::string> known;
  // `Y03Idle: why it could not be made`.
  std::vector<std::string> problems;
  // The rows with differences or problems.
  std::vector<std::string> rows;
  // A line for each other library. Peers may differ: that is no failure.
  std::vector<std::string> peers;

  // Whether all was measured and isopoll agrees, but for known differences.
  bool agrees() const { return rows.empty(); }

  // `187 states, 241 descriptors, 3 backends, 3 stand-ins: all agree with
  // select(2)`.
  std::string LastLine() const;
};

Summary Summarize(absl::Span<const KnownDifference> known,
                  const Matrix& matrix);

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_VERDICTS_H_
