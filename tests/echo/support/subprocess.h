// Subprocess: one of our programs, run as a user would run it.

#ifndef ISOPOLL_TESTS_ECHO_SUPPORT_SUBPROCESS_H_
#define ISOPOLL_TESTS_ECHO_SUPPORT_SUBPROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::echo {

// A program with its standard input, output and error in pipes. A step that
// takes longer than 30 seconds fails the test; destruction kills what still
// runs.
class Subprocess {
 public:
  // `program` is a path, absolute or below the workspace, as "echo/server";
  // `inherited` are descriptors that it gets, under their numbers.
  Subprocess(const std::string& program, std::vector<std::string> args,
             const std::vector<int>& inherited = {});
  ~Subprocess();
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  void Type(absl::string_view text);
  // The program's standard input ends here.
  void FinishTyping() { in_pipe_.reset(); }

  // The next line of standard output, without its end.
  std::string ReadLine() { return TakeLine(out_); }
  // That of standard error.
  std::string ReadErrorLine() { return TakeLine(err_); }
  void Signal(int signal);
  pid_t pid() const { return pid_; }

  // Waits for the end. Returns the exit code, or minus the number of the signal
  // that killed it; out() and err() are then all that it wrote, but for the
  // lines taken by ReadLine.
  int Join();
  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }

 private:
  // Reads once from whichever pipe has something. False when both are closed.
  bool Pump();
  std::string TakeLine(std::string& text);

  pid_t pid_ = -1;
  UniqueFd in_pipe_;
  UniqueFd out_pipe_;
  UniqueFd err_pipe_;
  std::string out_;
  std::string err_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_TESTS_ECHO_SUPPORT_SUBPROCESS_H_
