#include "tests/agreement/sample.h"

#include "absl/strings/str_cat.h"
#include "tests/support/answer.h"

namespace isopoll::agreement {
namespace {

Column Make(const std::string& title, Kind kind, const std::string& library) {
  Column column;
  column.title = title;
  column.kind = kind;
  column.library = library;
  if (kind == Kind::kPeer) column.vocabulary = kReadable | kWritable;
  return column;
}

}  // namespace

std::vector<Column> SampleColumns() {
  return {Make("select(2)", Kind::kReference, ""),
          Make("poll(2)", Kind::kKernel, ""),
          Make("isopoll poll", Kind::kIsopoll, "isopoll"),
          Make("peer poll", Kind::kPeer, "peer"),
          Make("peer epoll", Kind::kPeer, "peer")};
}

Row SampleRow(const std::string& state, const std::string& truth,
              const std::vector<std::string>& cells) {
  Row row;
  row.state = state;
  row.scenario = absl::StrCat("make a; be \"", state, "\"");
  row.descriptor = "a";
  row.truth = tests::ParseAnswer(truth).value();
  row.catalogued = row.truth;
  row.cells.push_back({row.truth.ready.ToString(), Verdict::kNone, ""});
  for (const std::string& text : cells) {
    row.cells.push_back({text, Verdict::kNone, ""});
  }
  return row;
}

Matrix SampleMatrix() {
  Matrix matrix;
  matrix.columns = SampleColumns();
  matrix.rows = {SampleRow("T01Idle", "-", {"-", "-", "-", "-"}),
                 SampleRow("P02Gone", "r+hc", {"HUP", "rw+hc", "rw", "r"})};
  return matrix;
}

}  // namespace isopoll::agreement
