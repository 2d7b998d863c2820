// Progress: a line that says how far a long run is.

#ifndef ISOPOLL_TOOLS_AGREEMENT_PROGRESS_H_
#define ISOPOLL_TOOLS_AGREEMENT_PROGRESS_H_

#include <cstddef>
#include <ostream>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace isopoll::agreement {

// Writes over one line of a terminal again and again, once the run has lasted
// longer than `patience`, and leaves nothing of it when it ends.
class Progress {
 public:
  // `out` may be null: then nothing is written.
  Progress(std::ostream* out, size_t total, absl::Duration patience)
      : out_(out), total_(total), start_(absl::Now() + patience) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `57 of 187: T22Full`.
  void Show(size_t done, absl::string_view name);

 private:
  std::ostream* out_;
  size_t total_;
  absl::Time start_;
  bool shown_ = false;
};

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_PROGRESS_H_
