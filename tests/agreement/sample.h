// A matrix small enough to read, for the tests of what is made of matrices.

#ifndef ISOPOLL_TESTS_AGREEMENT_SAMPLE_H_
#define ISOPOLL_TESTS_AGREEMENT_SAMPLE_H_

#include <string>
#include <vector>

#include "tools/agreement/matrix.h"

namespace isopoll::agreement {

// select(2), poll(2), `isopoll poll`, `peer poll`, `peer epoll`.
std::vector<Column> SampleColumns();

// A row of state `state` and descriptor `a`, catalogued and measured as `truth`
// and with `cells` after the first.
Row SampleRow(const std::string& state, const std::string& truth,
              const std::vector<std::string>& cells);

// T01Idle, in which all agree, and P02Gone, in which `isopoll poll` says rw+hc
// and the peer's poll says rw. Without verdicts.
Matrix SampleMatrix();

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TESTS_AGREEMENT_SAMPLE_H_
