#include <io.h>

#include <cstdint>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "echo/line_printer.h"

namespace isopoll::echo {
namespace {

constexpr int kStandardOutput = 1;  // the C library's number
constexpr size_t kMostOfALine = 4095;
constexpr size_t kMostWaiting = 64 * 1024;
constexpr absl::Duration kPatience = absl::Seconds(1);

}  // namespace

// No call says whether a pipe or a console has room, and to write to a pipe
// that is full, or a console where somebody selects text, blocks. So a thread
// of its own writes. It may outlive the printer, and ends with the process.
struct LinePrinter::Output {
  void Write() {
    absl::MutexLock lock(&mutex);
    for (;;) {
      mutex.Await(absl::Condition(
          +[](Output* output) ABSL_NO_THREAD_SAFETY_ANALYSIS {
            return output->is_last || !output->waiting.empty();
          },
          this));
      if (waiting.empty()) break;
      const std::string lines = std::exchange(waiting, "");
      mutex.Unlock();
      // One that has closed a pipe does not come back.
      ::_write(kStandardOutput, lines.data(),
               static_cast<unsigned>(lines.size()));
      mutex.Lock();
    }
    is_over = true;
  }

  absl::Mutex mutex;
  std::string waiting ABSL_GUARDED_BY(mutex);
  uint64_t lost ABSL_GUARDED_BY(mutex) = 0;
  bool is_last ABSL_GUARDED_BY(mutex) = false;  // nothing more will come
  bool is_over ABSL_GUARDED_BY(mutex) = false;
};

LinePrinter::LinePrinter() : output_(std::make_shared<Output>()) {
  std::thread([output = output_] { output->Write(); }).detach();
}

LinePrinter::~LinePrinter() {
  absl::MutexLock lock(&output_->mutex);
  output_->is_last = true;
  output_->mutex.AwaitWithTimeout(absl::Condition(&output_->is_over),
                                  kPatience);
}

void LinePrinter::Print(absl::string_view line) {
  absl::MutexLock lock(&output_->mutex);
  std::string& waiting = output_->waiting;
  uint64_t& lost = output_->lost;
  if (waiting.size() > kMostWaiting) {
    ++lost;
    return;
  }
  if (lost > 0) absl::StrAppend(&waiting, "(", lost, " lines lost)\n");
  lost = 0;
  absl::StrAppend(&waiting, line.substr(0, kMostOfALine), "\n");
}

}  // namespace isopoll::echo
