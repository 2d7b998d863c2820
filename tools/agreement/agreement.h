// The program, apart from its flags and its main.

#ifndef ISOPOLL_TOOLS_AGREEMENT_AGREEMENT_H_
#define ISOPOLL_TOOLS_AGREEMENT_AGREEMENT_H_

#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/agreement/subject.h"

namespace isopoll::agreement {

enum class Format { kText, kMarkdown, kHtml, kCsv };

// `text`, `markdown`, `html` or `csv`; InvalidArgument otherwise.
absl::StatusOr<Format> ParseFormat(absl::string_view name);

struct Options {
  Format format = Format::kText;
  // As for Select; empty: all states.
  std::string filter;
  // The document whose block is to be replaced; empty: print to `out`.
  std::string update;
  // Whether `out` is a terminal that shows colours.
  bool color = false;
  // Where progress is shown; null: nowhere.
  std::ostream* progress = nullptr;
};

// Exit codes.
inline constexpr int kAgree = 0;
inline constexpr int kDisagree = 1;   // or a state could not be made
inline constexpr int kCannotRun = 2;  // bad options, or nowhere to write

// Measures and prints. Returns the exit code; with kCannotRun, one line has
// been written to `err`.
int PrintAgreement(const Options& options, const Subject& subject,
                   std::ostream& out, std::ostream& err);

// The line for `status`, and kCannotRun.
int Fail(const absl::Status& status, std::ostream& err);

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_AGREEMENT_H_
