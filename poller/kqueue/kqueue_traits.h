// KqueueTraits: how one kernel's kqueue differs from another's. The table of
// all is here.

#ifndef ISOPOLL_POLLER_KQUEUE_KQUEUE_TRAITS_H_
#define ISOPOLL_POLLER_KQUEUE_KQUEUE_TRAITS_H_

namespace isopoll {
namespace internal {

struct KqueueTraits {
  // The write filter of a pipe that is full says nothing when the reader goes,
  // for ever: the waiting are woken before it has gone, and nobody after
  // (NetBSD, sys_pipe.c, pipeclose).
  bool blind_for_pipes;

  // The filters of a FIFO see bytes and room only, and not that the other side
  // is gone (XNU, fifo_vnops.c); or that for writing is attached to the socket
  // that is for reading, and always fires (NetBSD, fifo_vnops.c).
  bool blind_for_fifos;

  // Of a listener that was shut down EVFILT_READ (NetBSD) or EVFILT_WRITE
  // (FreeBSD) says nothing, where the same kernel's select says both.
  bool blind_for_listeners;

  // The filters of a terminal, and of a pseudo-terminal's master, say nothing
  // of a hangup (NetBSD, tty.c and tty_pty.c: filt_ttyread and its like test
  // for bytes only, where ttpoll, which select is made of, tests for it); or
  // those of a master go on to say it when the slave is back (XNU, tty_ptmx.c).
  bool blind_for_terminals;
};

inline constexpr KqueueTraits kMacosTraits = {
    /*blind_for_pipes=*/false,
    /*blind_for_fifos=*/true,
    /*blind_for_listeners=*/false,
    /*blind_for_terminals=*/true,
};
inline constexpr KqueueTraits kFreebsdTraits = {
    /*blind_for_pipes=*/false,
    /*blind_for_fifos=*/false,
    /*blind_for_listeners=*/true,
    /*blind_for_terminals=*/false,
};
inline constexpr KqueueTraits kNetbsdTraits = {
    /*blind_for_pipes=*/true,
    /*blind_for_fifos=*/true,
    /*blind_for_listeners=*/true,
    /*blind_for_terminals=*/true,
};
inline constexpr KqueueTraits kOpenbsdTraits = {
    /*blind_for_pipes=*/false,
    /*blind_for_fifos=*/false,
    /*blind_for_listeners=*/false,
    /*blind_for_terminals=*/false,
};
inline constexpr KqueueTraits kDragonflyTraits = {
    /*blind_for_pipes=*/false,
    /*blind_for_fifos=*/false,
    /*blind_for_listeners=*/false,
    /*blind_for_terminals=*/false,
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_KQUEUE_KQUEUE_TRAITS_H_
