#include "tests/conformance/child_process.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "isopoll/net/pairs.h"
#include "tests/conformance/eventually.h"

namespace isopoll {

ChildProcess::ChildProcess(absl::FunctionRef<std::string()> complaints,
                           pid_t (*fork)()) {
  PipeFds pipe = Pipe().value();
  id_ = fork();
  if (id_ == 0) {
    const std::string text = complaints();
    const ssize_t written =
        ::write(pipe.write_end.get(), text.data(), text.size());
    ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  if (id_ < 0) complaints_ = absl::ErrnoToStatus(errno, "fork").ToString();
  output_ = std::move(pipe.read_end);
}

std::string ChildProcess::Finish() {
  if (id_ < 0) return complaints_;
  int status = 0;
  if (!Eventually([&] { return ::waitpid(id_, &status, WNOHANG) == id_; })) {
    complaints_ = "The child did not end. ";
    ::kill(id_, SIGKILL);
    ::waitpid(id_, &status, 0);
  }
  id_ = -1;
  char text[4096];
  const ssize_t length = ::read(output_.get(), text, sizeof(text));
  if (length > 0) absl::StrAppend(&complaints_, std::string(text, length));
  if (status != 0) absl::StrAppend(&complaints_, " wait status ", status);
  return complaints_;
}

std::string RunInChild(absl::FunctionRef<std::string()> complaints,
                       pid_t (*fork)()) {
  return ChildProcess(complaints, fork).Finish();
}

}  // namespace isopoll
