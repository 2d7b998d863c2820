// KqueueTraits: how one kernel's kqueue differs from another's. The table of
// all is here.

#ifndef ISOPOLL_POLLER_INTERNAL_KQUEUE_TRAITS_H_
#define ISOPOLL_POLLER_INTERNAL_KQUEUE_TRAITS_H_

namespace isopoll {
namespace internal {

struct KqueueTraits {
  // EVFILT_EXCEPT with NOTE_OOB tells of out-of-band data, as macOS has it:
  // that of OpenBSD and DragonFly was not tried. Without it poll(2) watches for
  // priority.
  bool except_filter;

  // EVFILT_USER wakes the sleeper up. Without it a pipe does: NetBSD has it
  // from 10 on, and OpenBSD from 7.8 on.
  bool user_filter;

  // The filters of a FIFO see bytes and room only, and not that the other side
  // is gone (XNU, fifo_vnops.c).
  bool blind_for_fifos;

  // EVFILT_READ says nothing of a listener that was shut down, where the same
  // kernel's select says readable.
  bool blind_for_shut_listeners;

  // The filters of a terminal, and of a pseudo-terminal's master, say nothing
  // of a hangup (NetBSD, tty.c and tty_pty.c: filt_ttyread and its like test
  // for bytes only, where ttpoll, which select is made of, tests for it).
  bool blind_for_hung_up_terminals;
};

inline constexpr KqueueTraits kMacosTraits = {true, true, true, false, false};
inline constexpr KqueueTraits kFreebsdTraits = {false, true, false, false,
                                                false};
inline constexpr KqueueTraits kNetbsdTraits = {false, false, false, true, true};
inline constexpr KqueueTraits kOpenbsdTraits = {false, false, false, false,
                                                false};
inline constexpr KqueueTraits kDragonflyTraits = {false, true, false, false,
                                                  false};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_KQUEUE_TRAITS_H_
