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

  // An EV_ONESHOT event is given out without a second look.
  bool oneshot_may_be_stale;

  // What is answered for a number that was closed: its knotes are gone, and
  // either nothing else is looked at (ENOENT) or the number is first (EBADF).
  int closed_errno;

  // With what EV_ADD refuses a filter; zero: it takes it. Of /dev/tty both, of
  // a directory the one and the other, of a regular file the one for writing,
  // of a device that is always ready both, and of a pipe without a reader the
  // one for writing.
  int controlling_terminal_errno;
  int directory_read_errno;
  int directory_write_errno;
  int file_write_errno;
  int device_errno;
  int no_reader_errno;

  // Each end of a pipe is for both directions: EVFILT_WRITE always fires for
  // the read end, and is dropped, with EV_ONESHOT, when the other end is gone.
  bool pipe_goes_both_ways;

  // Nobody is told that the reader of a full pipe went.
  bool reader_goes_unheard;

  // Nor is anybody told that SO_RCVLOWAT came down to what is there already.
  bool low_water_mark_falls_unheard;

  // A FIFO's filters see bytes and room, not the end of the other side.
  bool fifo_is_blind;

  // A FIFO's EVFILT_WRITE always fires, with EV_EOF: it is attached to the
  // socket behind the FIFO that is for reading.
  bool fifo_is_always_writable;

  // A listener that was shut down does not fire EVFILT_READ.
  bool listener_shut_down_is_silent;

  // Nor EVFILT_WRITE.
  bool listener_is_never_writable;

  // The hangup of a terminal, or of its master, silences both filters.
  bool terminal_hangs_up_silently;

  // EV_EOF of a terminal, or of its master, stays when the hangup has passed.
  bool terminal_end_is_sticky;

  // EVFILT_READ's data counts the sender's address of a datagram.
  bool data_counts_address;

  // Longer timeouts are EINVAL.
  time_t longest_timeout_s;
};

const Facts& FactsOf(Personality personality);

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_FACTS_H_
