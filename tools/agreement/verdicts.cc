#include "tools/agreement/verdicts.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "tests/support/answer.h"

namespace isopoll::agreement {
namespace {

constexpr Interest kAll = kReadable | kWritable | kPriority;

const KnownDifference* Find(absl::Span<const KnownDifference> known,
                            const Row& row, const Column& column) {
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const auto& difference) {
        return difference.row == row.Name() &&
               difference.column == column.title;
      });
  return found == known.end() ? nullptr : &*found;
}

// What `column` ought to say in `row`.
std::string Right(const Column& column, const Row& row) {
  switch (column.kind) {
    case Kind::kReference:
      return row.catalogued.ToString();
    case Kind::kIsopoll:
      return row.watchable ? tests::Within(row.truth, kAll).ToString()
                           : kRefused;
    case Kind::kPeer:
      return (row.truth.ready & column.vocabulary).ToString();
    case Kind::kKernel:
      break;
  }
  return "";
}

// What it did say, to be compared with that.
std::string Said(const Column& column, const Row& row, const Cell& cell) {
  return column.kind == Kind::kReference ? row.truth.ToString() : cell.text;
}

void Pass(absl::Span<const KnownDifference> known, const Column& column,
          const Row& row, Cell& cell) {
  if (column.kind == Kind::kKernel) return;
  if (column.kind == Kind::kPeer && !row.watchable) return;  // was not asked
  cell.right = Right(column, row);
  if (Said(column, row, cell) == cell.right) {
    cell.verdict = Verdict::kAgrees;
  } else {
    cell.verdict = Find(known, row, column) == nullptr ? Verdict::kDiffers
                                                       : Verdict::kKnown;
  }
}

// `isopoll poll says rw+hc, right is r+hc`.
std::string InWords(const Column& column, const Row& row, const Cell& cell) {
  return absl::StrCat(
      row.Name(), ": ", column.title,
      column.kind == Kind::kReference ? " with poll(2) says " : " says ",
      Said(column, row, cell),
      column.kind == Kind::kReference ? ", catalogued is " : ", right is ",
      cell.right);
}

void SumUpRow(absl::Span<const KnownDifference> known, const Matrix& matrix,
              const Row& row, Summary& summary) {
  bool fine = row.problem.empty();
  if (!fine) {
    summary.problems.push_back(absl::StrCat(row.Name(), ": ", row.problem));
  }
  for (size_t i = 0; i < row.cells.size(); ++i) {
    const Column& column = matrix.columns[i];
    const Cell& cell = row.cells[i];
    if (column.kind == Kind::kPeer) continue;
    if (cell.verdict == Verdict::kDiffers) {
      summary.differences.push_back(InWords(column, row, cell));
      fine = false;
    } else if (cell.verdict == Verdict::kKnown) {
      summary.known.push_back(absl::StrCat(InWords(column, row, cell), ": ",
                                           Find(known, row, column)->reason));
    }
  }
  if (!fine) summary.rows.push_back(row.Name());
}

// The columns of each peer, by its name.
std::map<std::string, std::vector<size_t>> ColumnsOfPeers(
    const Matrix& matrix) {
  std::map<std::string, std::vector<size_t>> peers;
  for (size_t i = 0; i < matrix.columns.size(); ++i) {
    const Column& column = matrix.columns[i];
    if (column.kind == Kind::kPeer) peers[column.library].push_back(i);
  }
  return peers;
}

size_t CountDiffering(const Matrix& matrix, size_t column) {
  return std::count_if(matrix.rows.begin(), matrix.rows.end(),
                       [column](const Row& row) {
                         return row.problem.empty() &&
                                row.cells[column].verdict == Verdict::kDiffers;
                       });
}

// In how many rows the columns do not all say the same.
size_t CountDivided(const Matrix& matrix, const std::vector<size_t>& columns) {
  return std::count_if(matrix.rows.begin(), matrix.rows.end(),
                       [&columns](const Row& row) {
                         std::set<std::string> said;
                         for (size_t column : columns) {
                           if (row.problem.empty())
                             said.insert(row.cells[column].text);
                         }
                         return said.size() > 1;
                       });
}

// `libev: rows that differ from select(2): 0 with select, 6 with poll; rows
// that its backends differ on: 6`.
std::string SumUpPeer(const Matrix& matrix, const std::string& library,
                      const std::vector<size_t>& columns) {
  std::vector<std::string> counts;
  for (size_t column : columns) {
    absl::string_view backend = matrix.columns[column].title;
    absl::ConsumePrefix(&backend, library);
    absl::ConsumePrefix(&backend, " ");
    counts.push_back(absl::StrCat(CountDiffering(matrix, column),
                                  backend.empty() ? "" : " with ", backend));
  }
  std::string line = absl::StrCat(
      library,
      ": rows that differ from select(2): ", absl::StrJoin(counts, ", "));
  if (columns.size() > 1) {
    absl::StrAppend(&line, "; rows that its backends differ on: ",
                    CountDivided(matrix, columns));
  }
  return line;
}

}  // namespace

void PassVerdicts(absl::Span<const KnownDifference> known, Matrix& matrix) {
  for (Row& row : matrix.rows) {
    for (size_t i = 0; i < row.cells.size(); ++i) {
      Pass(known, matrix.columns[i], row, row.cells[i]);
    }
  }
}

Summary Summarize(absl::Span<const KnownDifference> known,
                  const Matrix& matrix) {
  Summary summary;
  std::set<std::string> states;
  for (const Row& row : matrix.rows) {
    states.insert(row.state);
    if (row.problem.empty()) ++summary.descriptors;
    SumUpRow(known, matrix, row, summary);
  }
  summary.states = states.size();
  for (const Column& column : matrix.columns) {
    if (column.kind != Kind::kIsopoll) continue;
    ++(column.on_standin ? summary.standins : summary.backends);
  }
  for (const auto& [library, columns] : ColumnsOfPeers(matrix)) {
    summary.peers.push_back(SumUpPeer(matrix, library, columns));
  }
  return summary;
}

std::string Summary::LastLine() const {
  return absl::StrCat(
      states, states == 1 ? " state, " : " states, ", descriptors,
      descriptors == 1 ? " descriptor, " : " descriptors, ", backends,
      backends == 1 ? " backend" : " backends",
      standins == 0 ? "" : absl::StrCat(", ", standins, " stand-ins"), ": ",
      agrees()
          ? "all agree with select(2)"
          : absl::StrCat("not in agreement on ", absl::StrJoin(rows, ", ")));
}

}  // namespace isopoll::agreement
