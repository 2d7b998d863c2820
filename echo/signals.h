// StopOnSignal: signals end a program in good order.

#ifndef ISOPOLL_ECHO_SIGNALS_H_
#define ISOPOLL_ECHO_SIGNALS_H_

#include <memory>

#include "echo/loop/stoppable.h"

namespace isopoll::echo {

// While this object lives, a SIGINT, SIGTERM or SIGHUP (the terminal has
// closed) calls program.Stop(), up to `times` in all; the next one has its
// default effect and ends the process, should stopping take too long. What was
// ignored before, as by nohup, still is. SIGPIPE is ignored: a reader of the
// output who goes away ends nobody's connection. For main functions: signal
// handling is the whole process's, so only one such object may live at a time.
class StopOnSignal {
 public:
  // `program` must outlive this object.
  explicit StopOnSignal(Stoppable& program, int times = 1);
  // Puts back the handling of signals that was there before.
  ~StopOnSignal();

  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

 private:
  struct Handling;  // of the signals, as it was before
  const std::unique_ptr<Handling> before_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SIGNALS_H_
