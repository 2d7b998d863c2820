#include "tools/agreement/agreement.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tests/support/catalogue.h"
#include "tools/agreement/document.h"
#include "tools/agreement/matrix.h"
#include "tools/agreement/measure.h"
#include "tools/agreement/observer.h"
#include "tools/agreement/progress.h"
#include "tools/agreement/render.h"
#include "tools/agreement/selection.h"
#include "tools/agreement/verdicts.h"

namespace isopoll::agreement {
namespace {

constexpr absl::Duration kShort = absl::Seconds(1);

// A document holds the whole matrix and nothing else, or else the test that
// measures it again would find a difference.
absl::Status CheckUpdate(const Options& options, const Subject& subject) {
  if (options.update.empty()) return absl::OkStatus();
  if (options.format != Format::kMarkdown) {
    return absl::InvalidArgumentError("--update needs --format=markdown");
  }
  if (!options.filter.empty()) {
    return absl::InvalidArgumentError("--update takes no --filter");
  }
  const bool has_peers =
      std::any_of(subject.observers.begin(), subject.observers.end(),
                  [](const auto& observer) {
                    return observer->column().kind == Kind::kPeer;
                  });
  return has_peers ? absl::InvalidArgumentError("--update takes no --peers")
                   : absl::OkStatus();
}

std::string Render(const Options& options, const Matrix& matrix,
                   const Summary& summary) {
  switch (options.format) {
    case Format::kText:
      break;
    case Format::kMarkdown:
      return RenderMarkdown(matrix, summary);
    case Format::kHtml:
      return RenderHtml(matrix, summary);
    case Format::kCsv:
      return RenderCsv(matrix);
  }
  return RenderText(matrix, summary, options.color);
}

Matrix MeasureWithProgress(absl::Span<const tests::State> states,
                           const Observers& observers, std::ostream* where) {
  Progress progress(where, states.size(), kShort);
  return Measure(states, observers,
                 [&progress](size_t done, const tests::State& state) {
                   progress.Show(done, state.name);
                 });
}

}  // namespace

absl::StatusOr<Format> ParseFormat(absl::string_view name) {
  if (name == "text") return Format::kText;
  if (name == "markdown") return Format::kMarkdown;
  if (name == "html") return Format::kHtml;
  if (name == "csv") return Format::kCsv;
  return absl::InvalidArgumentError(
      absl::StrCat("--format: there is no '", name,
                   "'; there are text, markdown, html and csv"));
}

int PrintAgreement(const Options& options, const Subject& subject,
                   std::ostream& out, std::ostream& err) {
  absl::Status status = CheckUpdate(options, subject);
  if (!status.ok()) return Fail(status, err);
  const auto states = Select(subject.states, options.filter);
  if (!states.ok()) return Fail(states.status(), err);

  Matrix matrix =
      MeasureWithProgress(*states, subject.observers, options.progress);
  PassVerdicts(subject.known, matrix);
  const Summary summary = Summarize(subject.known, matrix);
  const std::string text = Render(options, matrix, summary);
  if (options.update.empty()) {
    out << text << std::flush;
    if (!out) status = absl::UnavailableError("cannot write the matrix");
  } else {
    status = UpdateFile(options.update, text);
  }
  if (!status.ok()) return Fail(status, err);
  return summary.agrees() ? kAgree : kDisagree;
}

int Fail(const absl::Status& status, std::ostream& err) {
  err << absl::StrCat("ERROR: ", status.message(), "\n");
  return kCannotRun;
}

}  // namespace isopoll::agreement
