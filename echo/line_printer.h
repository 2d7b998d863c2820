// LinePrinter: lines for whoever reads them, and no waiting for those who do
// not.

#ifndef ISOPOLL_ECHO_LINE_PRINTER_H_
#define ISOPOLL_ECHO_LINE_PRINTER_H_

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace isopoll::echo {

// Writes to a descriptor, a pipe most of all. A line for which there is no room
// now, or that cannot be written, is lost; the next that is not comes after a
// line that says how many were. Thread-safe.
class LinePrinter {
 public:
  explicit LinePrinter(int fd) : fd_(fd) {}

  // `line` without its end. What is beyond 4 KiB is left out, for so much a
  // pipe takes at once or not at all.
  void Print(absl::string_view line);

 private:
  // Whether it was written.
  bool Write(std::string line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int fd_;
  absl::Mutex mutex_;
  uint64_t lost_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LINE_PRINTER_H_
