#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "echo/line_printer.h"

namespace isopoll::echo {
namespace {

// POSIX: a pipe that poll finds writable has room for PIPE_BUF bytes, here the
// least that any of our systems has but for macOS and its 512.
constexpr size_t kMostBytes = 4096;

// Whether it was written.
bool Write(std::string line) {
  line.resize(std::min(line.size(), kMostBytes - 1));
  line += '\n';
  pollfd entry = {STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLOUT) != 0 &&
         ::write(STDOUT_FILENO, line.data(), line.size()) ==
             static_cast<ssize_t>(line.size());
}

}  // namespace

struct LinePrinter::Output {
  absl::Mutex mutex;
  uint64_t lost ABSL_GUARDED_BY(mutex) = 0;
};

LinePrinter::LinePrinter() : output_(std::make_shared<Output>()) {}

LinePrinter::~LinePrinter() = default;  // nothing waits

void LinePrinter::Print(absl::string_view line) {
  absl::MutexLock lock(&output_->mutex);
  uint64_t& lost = output_->lost;
  if (lost > 0 && Write(absl::StrCat("(", lost, " lines lost)"))) lost = 0;
  if (lost > 0 || !Write(std::string(line))) ++lost;
}

}  // namespace isopoll::echo
