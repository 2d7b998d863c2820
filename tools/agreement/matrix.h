// Matrix: what was measured. Rows are descriptors in the catalogue's states,
// columns are those who were asked about them.

#ifndef ISOPOLL_TOOLS_AGREEMENT_MATRIX_H_
#define ISOPOLL_TOOLS_AGREEMENT_MATRIX_H_

#include <string>
#include <vector>

#include "isopoll/interest.h"
#include "tests/support/answer.h"

namespace isopoll::agreement {

enum class Kind {
  kReference,  // select(2), which all others are held to
  kKernel,     // another system call, in its own words
  kIsopoll,    // a backend of isopoll
  kPeer,       // a backend of another library
};

struct Column {
  // `epoll(7)`, or the library and its backend: `libev poll`.
  std::string title;
  Kind kind = Kind::kKernel;
  // A backend for a kernel that is not here, on what stands in for it. Its
  // title ends in `*`.
  bool on_standin = false;
  // The first word of the title, for libraries.
  std::string library;
  // What can be said in it at all.
  Interest vocabulary = kReadable | kWritable | kPriority;
};

enum class Verdict {
  kNone,     // nothing to compare with: the kernel in its own words
  kAgrees,   // with what is right for this column
  kKnown,    // it does not, and the list of known differences has it
  kDiffers,  // it does not
};

struct Cell {
  // What it said, as it is shown.
  std::string text;
  Verdict verdict = Verdict::kNone;
  // What would have been right; only where there is a verdict.
  std::string right;
};

// What is said by those who do not take the descriptor.
inline constexpr char kRefused[] = "refused";

struct Row {
  // From the catalogue: `T12PeerFin`, the steps, the name in them.
  std::string state;
  std::string scenario;
  std::string descriptor;

  // What the catalogue says that select(2) and poll(2) answer, and what they
  // did answer.
  tests::Answer catalogued;
  tests::Answer truth;
  // False for O_PATH descriptors, which isopoll refuses by contract.
  bool watchable = true;

  // As many as there are columns; or none, and why.
  std::vector<Cell> cells;
  std::string problem;

  // `T12PeerFin a`.
  std::string Name() const {
    return descriptor.empty() ? state : state + ' ' + descriptor;
  }
};

struct Matrix {
  std::vector<Column> columns;
  std::vector<Row> rows;
};

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_MATRIX_H_
