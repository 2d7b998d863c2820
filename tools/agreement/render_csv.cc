#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "tools/agreement/render.h"

namespace isopoll::agreement {
namespace {

std::string Escape(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) {
    return std::string(text);
  }
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

std::string Line(const std::vector<std::string>& fields) {
  return absl::StrCat(
      absl::StrJoin(fields, ",",
                    [](std::string* out, const std::string& field) {
                      out->append(Escape(field));
                    }),
      "\r\n");
}

std::string Head(const Matrix& matrix) {
  std::vector<std::string> titles = {"state", "steps", "descriptor"};
  for (const Column& column : matrix.columns) titles.push_back(column.title);
  titles.push_back("differs");
  return Line(titles);
}

std::string Body(const Matrix& matrix, const Row& row) {
  std::vector<std::string> fields = {row.state, row.scenario, row.descriptor};
  std::vector<std::string> differing;
  for (size_t i = 0; i < row.cells.size(); ++i) {
    fields.push_back(row.cells[i].text);
    if (row.cells[i].verdict == Verdict::kDiffers) {
      differing.push_back(matrix.columns[i].title);
    }
  }
  fields.resize(3 + matrix.columns.size());
  fields.push_back(row.problem.empty() ? absl::StrJoin(differing, "; ")
                                       : row.problem);
  return Line(fields);
}

}  // namespace

std::string RenderCsv(const Matrix& matrix) {
  std::string text = Head(matrix);
  for (const Row& row : matrix.rows) text += Body(matrix, row);
  return text;
}

}  // namespace isopoll::agreement
