#include "tools/agreement/progress.h"

namespace isopoll::agreement {
namespace {

// Back to the line's start, and clear to its end.
constexpr absl::string_view kClear = "\r\033[K";

}  // namespace

Progress::~Progress() {
  if (shown_) *out_ << kClear << std::flush;
}

void Progress::Show(size_t done, absl::string_view name) {
  if (out_ == nullptr || absl::Now() < start_) return;
  *out_ << kClear << done << " of " << total_ << ": " << name << std::flush;
  shown_ = true;
}

}  // namespace isopoll::agreement
