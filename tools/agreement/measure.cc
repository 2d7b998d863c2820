#include "tools/agreement/measure.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/support/answer.h"
#include "tests/support/reference.h"
#include "tests/support/runner.h"
#include "tests/support/scenario.h"
#include "tests/support/variations.h"
#include "tools/agreement/kernel_observers.h"

namespace isopoll::agreement {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);

// Some peers abort the process when they are given what cannot be watched.
std::string Ask(Observer& observer, int fd, bool watchable) {
  const bool spared = !watchable && observer.column().kind == Kind::kPeer;
  return spared ? "not asked" : observer.Look(fd);
}

// Fills in what is said of `fd`, with the reference before and after: if its
// two answers differ, all look again.
absl::Status LookAll(int fd, const Observers& observers, Row& row) {
  row.watchable = CanBeWatched(fd);
  const absl::Time deadline = absl::Now() + kPatience;
  while (absl::Now() < deadline) {
    absl::StatusOr<tests::Snapshot> before = tests::Look({fd});
    if (!before.ok()) return before.status();
    std::vector<Cell> cells(1);
    for (const auto& observer : observers) {
      cells.push_back({Ask(*observer, fd, row.watchable), Verdict::kNone, ""});
    }
    absl::StatusOr<tests::Snapshot> after = tests::Look({fd});
    if (!after.ok()) return after.status();
    if (*before != *after) continue;
    row.truth = after->at(fd);
    cells.front().text = row.truth.ready.ToString();
    row.cells = std::move(cells);
    return absl::OkStatus();
  }
  return absl::DeadlineExceededError("its state does not come to rest");
}

absl::Status MeasureState(const tests::State& state, const Observers& observers,
                          std::vector<Row>& rows) {
  auto answers = tests::ParseAnswers(state.answers);
  if (!answers.ok()) return answers.status();
  auto scenario = tests::Scenario::Parse(state.scenario);
  if (!scenario.ok()) return scenario.status();
  auto nobody = tests::Runner::Create({});
  if (!nobody.ok()) return nobody.status();
  for (const tests::Step& step : scenario->steps()) {
    if (absl::Status done = (*nobody)->Do(step); !done.ok()) return done;
  }
  for (const auto& [name, catalogued] : *answers) {
    Row row;
    row.state = state.name;
    row.scenario = state.scenario;
    row.descriptor = name;
    row.catalogued = catalogued;
    absl::StatusOr<int> fd = (*nobody)->world().Number(name);
    if (!fd.ok()) return fd.status();
    absl::Status looked = LookAll(*fd, observers, row);
    if (!looked.ok()) return looked;
    rows.push_back(std::move(row));
  }
  return absl::OkStatus();
}

Column ReferenceColumn() {
  Column column;
  column.title = "select(2)";
  column.kind = Kind::kReference;
  return column;
}

}  // namespace

Matrix Measure(absl::Span<const tests::State> states,
               const Observers& observers, const OnState& on_state) {
  Matrix matrix;
  matrix.columns.push_back(ReferenceColumn());
  for (const auto& observer : observers) {
    matrix.columns.push_back(observer->column());
  }
  for (size_t i = 0; i < states.size(); ++i) {
    on_state(i, states[i]);
    std::vector<Row> rows;
    const absl::Status status = MeasureState(states[i], observers, rows);
    if (!status.ok()) {
      rows.assign(1, Row());
      rows[0].state = states[i].name;
      rows[0].scenario = states[i].scenario;
      rows[0].problem = std::string(status.message());
    }
    for (Row& row : rows) matrix.rows.push_back(std::move(row));
  }
  return matrix;
}

}  // namespace isopoll::agreement
