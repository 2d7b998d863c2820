// LinePrinter: lines for those who read them, and no waiting for those who do
// not.

#ifndef ISOPOLL_ECHO_LINE_PRINTER_H_
#define ISOPOLL_ECHO_LINE_PRINTER_H_

#include <memory>

#include "absl/strings/string_view.h"

namespace isopoll::echo {

// Writes to standard output, a pipe most of all. A line for which there is no
// room now, or that cannot be written, is lost; the next that is not comes
// after a line that says how many were. Thread-safe.
class LinePrinter {
 public:
  LinePrinter();
  // Gives the reader a second, if lines still wait for it.
  ~LinePrinter();

  // `line` without its end. What is beyond 4 KiB is left out, for so much a
  // pipe takes at once or not at all.
  void Print(absl::string_view line);

 private:
  struct Output;
  const std::shared_ptr<Output> output_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LINE_PRINTER_H_
