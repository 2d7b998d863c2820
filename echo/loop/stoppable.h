// Stoppable: what a signal, or another thread, may bring to its end.

#ifndef ISOPOLL_ECHO_LOOP_STOPPABLE_H_
#define ISOPOLL_ECHO_LOOP_STOPPABLE_H_

namespace isopoll::echo {

class Stoppable {
 public:
  virtual ~Stoppable() = default;

  // Makes Run return, now or when it is called. May be called from any thread,
  // from a signal handler, and more than once.
  virtual void Stop() = 0;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOOP_STOPPABLE_H_
