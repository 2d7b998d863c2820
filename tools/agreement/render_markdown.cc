#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "tools/agreement/families.h"
#include "tools/agreement/render.h"

namespace isopoll::agreement {
namespace {

std::string Escape(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"|", "\\|"}, {"*", "\\*"}});
}

std::string Line(const std::vector<std::string>& fields) {
  std::string line = "|";
  for (const std::string& field : fields)
    absl::StrAppend(&line, " ", field, " |");
  return line + "\n";
}

std::string Head(const Matrix& matrix) {
  std::vector<std::string> titles = {"state", "steps", "of"};
  for (const Column& column : matrix.columns) titles.push_back(column.title);
  return Line(titles) + Line(std::vector<std::string>(titles.size(), "---"));
}

std::string CellText(const Cell& cell) {
  const bool differs =
      cell.verdict == Verdict::kDiffers || cell.verdict == Verdict::kKnown;
  return differs ? absl::StrCat("**", Escape(cell.text), "**")
                 : Escape(cell.text);
}

// The state's name and steps stand beside the first of its descriptors.
std::string Body(const Row& row, bool first_of_state) {
  std::vector<std::string> fields = {"", "", row.descriptor};
  if (first_of_state) {
    fields[0] = row.state;
    fields[1] = absl::StrCat("`", Escape(row.scenario), "`");
  }
  if (!row.problem.empty()) fields.push_back(Escape(row.problem));
  for (const Cell& cell : row.cells) fields.push_back(CellText(cell));
  return Line(fields);
}

void AppendItems(const std::vector<std::string>& items, std::string& text) {
  for (const std::string& item : items) {
    absl::StrAppend(&text, "* ", Escape(item), "\n");
  }
  if (!items.empty()) text += '\n';
}

}  // namespace

std::string RenderMarkdown(const Matrix& matrix, const Summary& summary) {
  std::string text;
  for (const Family& family : Families(matrix)) {
    absl::StrAppend(&text, "### ", family.title, "\n\n", Head(matrix));
    absl::string_view previous;
    for (const Row& row : family.rows) {
      text += Body(row, row.state != previous);
      previous = row.state;
    }
    text += '\n';
  }
  AppendItems(summary.peers, text);
  AppendItems(summary.known, text);
  AppendItems(summary.differences, text);
  AppendItems(summary.problems, text);
  absl::StrAppend(&text, summary.LastLine(), "\n");
  return text;
}

}  // namespace isopoll::agreement
