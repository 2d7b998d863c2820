#include "echo/line_printer.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace isopoll::echo {
namespace {

// POSIX: a pipe that poll finds writable has room for PIPE_BUF bytes, here the
// least that any of our systems has but for macOS and its 512.
constexpr size_t kMostBytes = 4096;

}  // namespace

void LinePrinter::Print(absl::string_view line) {
  absl::MutexLock lock(&mutex_);
  if (lost_ > 0 && Write(absl::StrCat("(", lost_, " lines lost)"))) lost_ = 0;
  if (lost_ > 0 || !Write(std::string(line))) ++lost_;
}

bool LinePrinter::Write(std::string line) {
  line.resize(std::min(line.size(), kMostBytes - 1));
  line += '\n';
  pollfd entry = {fd_, POLLOUT, 0};
  return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLOUT) != 0 &&
         ::write(fd_, line.data(), line.size()) ==
             static_cast<ssize_t>(line.size());
}

}  // namespace isopoll::echo
