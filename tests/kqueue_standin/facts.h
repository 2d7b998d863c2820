// Facts: what one kernel's kqueue does otherwise than another's.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_FACTS_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_FACTS_H_

#include <ctime>

#include "tests/kqueue_standin/standin.h"

namespace isopoll::kqueue_standin {

struct Facts {
  // kqueue() makes it close-on-exec.
  bool close_on_exec;

  bool has_user;
  bool has_except;

  // An EV_ERROR event keeps the flags of the change, not only EV_ERROR.
  bool receipt_keeps_flags;

  // After EV_DISPATCH, EV_ENABLE re-arms; or else EV_ADD does.
  bool enable_rearms;

  // EV_ADD of an existing knote takes EV_ONESHOT, EV_CLEAR, EV_DISPATCH anew.
  bool add_takes_flags;

  // An EV_ONESHOT event is given out without a second look.
  bool oneshot_may_be_stale;

  // What is answered for a number that was closed: its knotes are gone, and
  // either nothing else is looked at (ENOENT) or the number is first (EBADF).
  int closed_errno;

  // EV_ADD on what has no filters: directories, most devices.
  int refused_errno;

  // EV_ADD of EVFILT_WRITE on a pipe without a reader; zero: it is accepted.
  int no_reader_errno;

  // The wrong end of a pipe takes a filter, which never fires.
  bool pipe_has_directions;

  // A FIFO's filters see bytes and room, not the end of the other side.
  bool fifo_is_blind;

  // A listener that was shut down does not fire EVFILT_READ.
  bool listener_shut_down_is_silent;

  // The hangup of a terminal, or of its master, silences both filters.
  bool terminal_hangs_up_silently;

  // EVFILT_WRITE fires for a regular file.
  bool file_is_writable;

  // EVFILT_READ's data counts the sender's address of a datagram.
  bool data_counts_address;

  // Longer timeouts are EINVAL.
  time_t longest_timeout_s;
};

const Facts& FactsOf(Personality personality);

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_FACTS_H_
