#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/agreement/families.h"
#include "tools/agreement/render.h"

namespace isopoll::agreement {

const char kLegend[] =
    "r readable, w writable, p priority; - none of them. After a plus: "
    "h hangup, c read closed, e error. All three were asked for. "
    "A kernel with a * is not this one: something stands in for it.";

namespace {

constexpr absl::string_view kBold = "\033[1m";
constexpr absl::string_view kRed = "\033[1;31m";
constexpr absl::string_view kYellow = "\033[33m";
constexpr absl::string_view kDim = "\033[2m";
constexpr absl::string_view kPlain = "\033[0m";

// A piece of a line: what it says, and how it looks.
struct Piece {
  std::string text;
  absl::string_view look;
};

absl::string_view LookOf(const Column& column, const Cell& cell) {
  switch (cell.verdict) {
    case Verdict::kDiffers:
      return column.kind == Kind::kPeer ? kYellow : kRed;
    case Verdict::kKnown:
      return kYellow;
    case Verdict::kNone:
    case Verdict::kAgrees:
      break;
  }
  return cell.text == "-" ? kDim : absl::string_view();
}

std::string Marked(const Cell& cell) {
  const bool differs =
      cell.verdict == Verdict::kDiffers || cell.verdict == Verdict::kKnown;
  return differs ? cell.text + "!" : cell.text;
}

class TextTable {
 public:
  TextTable(const Matrix& matrix, bool color)
      : matrix_(matrix), color_(color), widths_(matrix.columns.size()) {
    for (const Family& family : Families(matrix)) {
      name_width_ = std::max(name_width_, family.title.size());
    }
    for (const Row& row : matrix.rows) {
      name_width_ = std::max(name_width_, row.Name().size());
      for (size_t i = 0; i < row.cells.size(); ++i) {
        widths_[i] = std::max(widths_[i], Marked(row.cells[i]).size());
      }
    }
    for (size_t i = 0; i < widths_.size(); ++i) {
      widths_[i] = std::max(widths_[i], matrix.columns[i].title.size());
    }
  }

  std::string Head(const Family& family) const {
    std::vector<Piece> pieces = {{family.title, kBold}};
    for (const Column& column : matrix_.columns) {
      pieces.push_back({column.title, kBold});
    }
    return Line(pieces);
  }

  std::string Body(const Row& row) const {
    std::vector<Piece> pieces = {{row.Name(), ""}};
    if (!row.problem.empty()) pieces.push_back({row.problem, kRed});
    for (size_t i = 0; i < row.cells.size(); ++i) {
      pieces.push_back(
          {Marked(row.cells[i]), LookOf(matrix_.columns[i], row.cells[i])});
    }
    return Line(pieces);
  }

 private:
  std::string Line(const std::vector<Piece>& pieces) const {
    std::string line;
    size_t gap = 0;
    for (size_t i = 0; i < pieces.size(); ++i) {
      const Piece& piece = pieces[i];
      line.append(gap, ' ');
      const bool colored = color_ && !piece.look.empty();
      if (colored) absl::StrAppend(&line, piece.look);
      absl::StrAppend(&line, piece.text);
      if (colored) absl::StrAppend(&line, kPlain);
      const size_t width = i == 0 ? name_width_ : widths_[i - 1];
      gap = 2 + width - std::min(width, piece.text.size());
    }
    return line + "\n";
  }

  const Matrix& matrix_;
  bool color_;
  size_t name_width_ = 0;
  std::vector<size_t> widths_;
};

void AppendLines(const std::vector<std::string>& lines, std::string& text) {
  if (!lines.empty()) text += '\n';
  for (const std::string& line : lines) absl::StrAppend(&text, line, "\n");
}

}  // namespace

std::string RenderText(const Matrix& matrix, const Summary& summary,
                       bool color) {
  const TextTable table(matrix, color);
  std::string text;
  for (const Family& family : Families(matrix)) {
    text += table.Head(family);
    for (const Row& row : family.rows) text += table.Body(row);
    text += '\n';
  }
  absl::StrAppend(&text, kLegend, "\n");
  AppendLines(summary.peers, text);
  AppendLines(summary.known, text);
  AppendLines(summary.differences, text);
  AppendLines(summary.problems, text);
  absl::StrAppend(&text, "\n", summary.LastLine(), "\n");
  return text;
}

}  // namespace isopoll::agreement
