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

constexpr absl::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>isopoll: the agreement matrix</title>
<style>
:root { color-scheme: light dark; --text: #1f2328; --page: #ffffff;
  --head: #eef1f4; --line: #d4d9df; --faint: #6a737d; --good: #1a7f37;
  --bad: #b3261e; --bad-page: #fde7e5; --odd: #7a5200; --odd-page: #fff2cc; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e3e6ea; --page: #15181c; --head: #22272e; --line: #3a414a;
    --faint: #8b949e; --good: #57c26f; --bad: #ff9d95; --bad-page: #4a1d1a;
    --odd: #f2cc60; --odd-page: #3d3110; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text);
  background: var(--page); margin: 2rem auto; padding: 0 1rem;
  max-width: 110rem; }
.sum { font-size: 1.15rem; font-weight: 600; }
.yes { color: var(--good); } .no { color: var(--bad); }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .6rem;
  text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: var(--head);
  white-space: nowrap; }
tbody th { font-weight: 500; }
code, td { font: 13px/1.5 ui-monospace, monospace; }
code { display: block; color: var(--faint); }
.none { color: var(--faint); }
.differs { color: var(--bad); background: var(--bad-page); font-weight: 700; }
.odd { color: var(--odd); background: var(--odd-page); font-weight: 700; }
</style>
</head>
<body>
<h1>The agreement matrix</h1>
)";

std::string Escape(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

absl::string_view ClassOf(const Column& column, const Cell& cell) {
  switch (cell.verdict) {
    case Verdict::kDiffers:
      return column.kind == Kind::kPeer ? "odd" : "differs";
    case Verdict::kKnown:
      return "odd";
    case Verdict::kNone:
    case Verdict::kAgrees:
      break;
  }
  return cell.text == "-" ? "none" : "";
}

// What differs is marked by a sign too, for those who do not see the colour,
// and says what is right to those who point at it.
std::string CellText(const Column& column, const Cell& cell) {
  const absl::string_view mark = ClassOf(column, cell);
  if (mark.empty()) return absl::StrCat("<td>", Escape(cell.text), "</td>");
  if (mark == "none") return absl::StrCat("<td class=\"none\">-</td>");
  return absl::StrCat("<td class=\"", mark, "\" title=\"right is ",
                      Escape(cell.right), "\">&ne; ", Escape(cell.text),
                      "</td>");
}

std::string Head(const Matrix& matrix) {
  std::string text = "<table>\n<thead><tr><th>state</th><th>of</th>";
  for (const Column& column : matrix.columns) {
    absl::StrAppend(&text, "<th>", Escape(column.title), "</th>");
  }
  return text + "</tr></thead>\n<tbody>\n";
}

std::string Body(const Matrix& matrix, const Row& row, bool first_of_state) {
  std::string text = "<tr><th>";
  if (first_of_state) {
    absl::StrAppend(&text, Escape(row.state), "<code>", Escape(row.scenario),
                    "</code>");
  }
  absl::StrAppend(&text, "</th><td>", Escape(row.descriptor), "</td>");
  if (!row.problem.empty()) {
    absl::StrAppend(&text, "<td class=\"differs\" colspan=\"",
                    matrix.columns.size(), "\">", Escape(row.problem), "</td>");
  }
  for (size_t i = 0; i < row.cells.size(); ++i) {
    text += CellText(matrix.columns[i], row.cells[i]);
  }
  return text + "</tr>\n";
}

void AppendItems(const std::vector<std::string>& items, std::string& text) {
  if (items.empty()) return;
  text += "<ul>\n";
  for (const std::string& item : items) {
    absl::StrAppend(&text, "<li>", Escape(item), "</li>\n");
  }
  text += "</ul>\n";
}

}  // namespace

std::string RenderHtml(const Matrix& matrix, const Summary& summary) {
  std::string text(kHead);
  absl::StrAppend(&text, "<p class=\"sum ", summary.agrees() ? "yes" : "no",
                  "\">", Escape(summary.LastLine()), "</p>\n");
  AppendItems(summary.problems, text);
  AppendItems(summary.differences, text);
  AppendItems(summary.known, text);
  AppendItems(summary.peers, text);
  absl::StrAppend(&text, "<p>", Escape(kLegend), "</p>\n");
  for (const Family& family : Families(matrix)) {
    absl::StrAppend(&text, "<h2>", Escape(family.title), "</h2>\n",
                    Head(matrix));
    absl::string_view previous;
    for (const Row& row : family.rows) {
      text += Body(matrix, row, row.state != previous);
      previous = row.state;
    }
    text += "</tbody>\n</table>\n";
  }
  return text + "</body>\n</html>\n";
}

}  // namespace isopoll::agreement
