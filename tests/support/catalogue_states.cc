// Families: T TCP, O its out-of-band data, U UDP, X Unix-domain sockets,
// P pipes, F FIFOs, S special descriptors, Y terminals, D files.
//
// Not here, and why:
//   T21 SO_SNDLOWAT cannot be set on Linux.
//   U7  a datagram with a bad checksum takes a raw socket, and the first look
//       drops it.
//   S3  a signal directed at another thread: readiness then depends on which
//       thread asks.
//   S9  /proc/self/mounts and its like: the first look consumes the event.
//   X   out-of-band data on Unix-domain sockets: a kernel option, and not the
//       same from one version to the next.
//   Y6  /dev/tty: a test has no controlling terminal.
//   D   block devices and hardware generators: not on every machine.
//
// Comments name the reports of other projects that a row answers. Of those
// known, these are about what no row can show:
//   kqueue alone: golang/go 63937, libuv PR 4513, smol-rs/polling PR 59 and 265
//   (the latter two are about wake-ups and EINTR as well: see wakeup_test and
//   signal_test in tests/conformance).
//   /dev/tty on macOS: libuv PR 979, tokio-rs/mio 1377, eio PR 893, termbox2
//   31, crossterm 996.
//   Windows: curl PR 10592, libressl PR 1377, rabbitmq-c PR 257, mongoose 3184,
//   poco 2706 and 3248.
//   io_uring: axboe/liburing 504 and 849.
//   Edge-triggering, which is not offered: libevent 984.
//   Timeouts, in tests/conformance/time_test.cc: python/cpython 75967 and PR
//   1426, curl 1057 and PR 15096.

#include "tests/support/catalogue.h"

namespace isopoll::tests {
namespace {

constexpr State kStates[] = {
    {"T01ListenerIdle", "tcp_listener l", "l=-"},
    {"T02ConnectionPending", "tcp_listener l; tcp_socket c; connect c l",
     "l=r c=w"},
    {"T03PendingConnectionReset",
     "tcp_listener l; tcp_socket c; connect c l; reset c", "l=r"},
    {"T03AcceptedAfterReset",
     "tcp_listener l; tcp_socket c; connect c l; reset c; accept l s",
     "l=- s=rw+hce"},
    {"T04ListenerShutDown", "tcp_listener l; shutdown l r", "l=rw+hc"},
    {"T05AcceptDeferred",
     "tcp_listener l; defer_accept l; tcp_socket c; connect c l", "l=- c=w"},
    // Registering before connect() sees a hangup: jiixyj/epoll-shim 3,
    // zonyitoo/tokio-tfo PR 2.
    {"T06NeverConnected", "tcp_socket s", "s=rw+hc"},
    {"T06BoundOnly", "tcp_socket s; bind s", "s=rw+hc"},
    {"T07Connecting",
     "tcp_listener l; backlog l 0; tcp_socket x; connect x l; tcp_socket c; "
     "connect c l",
     "c=- x=w l=r"},
    {"T08Connected", "tcp a b", "a=w b=w"},
    {"T08Data", "tcp a b; send b 3", "a=rw b=w"},
    {"T08DataPartlyRead", "tcp a b; send b 3; recv a 2", "a=rw b=w"},
    {"T08DataRead", "tcp a b; send b 3; recv a 3", "a=w b=w"},
    // scylladb/seastar 1785 and 309, tezc/sc 96, zeromq/libzmq 3107.
    {"T09Refused", "tcp_socket l; bind l; tcp_socket c; connect c l",
     "c=rw+hce"},
    {"T10RefusedErrorTaken",
     "tcp_socket l; bind l; tcp_socket c; connect c l; take_error c",
     "c=rw+hc"},
    {"T11ConnectAborted",
     "tcp_listener l; backlog l 0; tcp_socket x; connect x l; tcp_socket c; "
     "connect c l; shutdown c rw",
     "c=rw+hce"},
    // A half close is not a hangup: tokio-rs/mio PR 933, chriskohlhoff/asio
    // 1561.
    {"T12PeerFin", "tcp a b; shutdown b w", "a=rw+c b=w"},
    {"T12PeerFinRead", "tcp a b; shutdown b w; recv a 0", "a=rw+c b=w"},
    // Data before the end of file: brazilofmux/tinymux 944, varnish PR 4138,
    // libuv/libuv 2922, netius PR 79, libevent PR 98 and 103. Which of hangup,
    // end of reading and error come together, here and below: haproxy 169.
    {"T13PeerFinDataUnread", "tcp a b; send b 3; shutdown b w", "a=rw+c b=w"},
    {"T14BothFins", "tcp a b; shutdown b w; shutdown a w", "a=rw+hc b=rw+hc"},
    {"T14ShutDownBothWays", "tcp a b; shutdown a rw", "a=rw+hc b=rw+c"},
    // The end of our own writing is neither hangup nor end of file:
    // libuv/libuv PR 3277, tokio-rs/mio PR 1087.
    {"T15OwnFin", "tcp a b; shutdown a w", "a=w b=rw+c"},
    {"T16OwnReadShutDown", "tcp a b; shutdown a r", "a=rw+c b=w"},
    {"T16DataAfterReadShutDown",
     "tcp a b; shutdown a r; send b 1; recv a 1; send b 1", "a=rw+c b=w"},
    // smol-rs/smol PR 134.
    {"T17Reset", "tcp a b; reset b", "a=rw+hce"},
    {"T17ResetErrorRead", "tcp a b; reset b; try recv a 1", "a=rw+hc"},
    {"T17ResetErrorTaken", "tcp a b; reset b; take_error a", "a=rw+hc"},
    {"T17ResetDataUnread", "tcp a b; send b 3; reset b", "a=rw+hce"},
    {"T18ResetByUnreadData", "tcp a b; send a 1; close b", "a=rw+hce"},
    {"T18ResetBySendAfterClose", "tcp a b; close b; send a 1", "a=rw+hce"},
    {"T19PeerClosed", "tcp a b; close b", "a=rw+c"},
    {"T20BelowLowWaterMark", "tcp a b; rcvlowat a 100; send b 10", "a=w"},
    {"T20AtLowWaterMark", "tcp a b; rcvlowat a 100; send b 100", "a=rw"},
    {"T20LowWaterMarkLowered",
     "tcp a b; rcvlowat a 100; send b 10; rcvlowat a 5", "a=rw"},
    {"T20FinBelowLowWaterMark",
     "tcp a b; rcvlowat a 100; send b 10; shutdown b w", "a=rw+c"},
    {"T22Full", "tcp a b; fill a", "a=- b=rw"},
    {"T22FullPartlyDrained", "tcp a b; fill a; recv b 4096", "a=- b=rw"},
    {"T22FullDrained", "tcp a b; fill a; drain b", "a=w b=w"},
    {"T22FullThenFin", "tcp a b; fill a; shutdown b w", "a=r+c b=rw"},
    {"T22FullThenReset", "tcp a b; fill a; reset b", "a=rw+hce"},
    {"T23UnsentData", "tcp a b; notsent_lowat a 1; fill a", "a=- b=rw"},

    // libuv/libuv 3947: priority asked of the wrong filter.
    {"O01UrgentByte", "tcp a b; urgent b", "a=wp b=w"},
    {"O02UrgentByteLost", "tcp a b; urgent b; try recv a 1", "a=w"},
    {"O03UrgentByteRead", "tcp a b; urgent b; recv_urgent a", "a=w"},
    {"O04UrgentAmongData", "tcp a b; send b 1; urgent b; send b 1", "a=rwp"},
    {"O04ReadToTheMark", "tcp a b; send b 1; urgent b; send b 1; recv a 1",
     "a=rwp"},
    {"O04ReadPastTheMark",
     "tcp a b; send b 1; urgent b; send b 1; recv a 1; recv a 1", "a=w"},
    {"O05UrgentInline", "tcp a b; oobinline a; urgent b", "a=rwp"},
    {"O05UrgentInlineRead", "tcp a b; oobinline a; urgent b; recv a 1", "a=w"},
    {"O06UrgentThenFin", "tcp a b; urgent b; shutdown b w", "a=rwp+c"},
    {"O06UrgentThenReset", "tcp a b; urgent b; reset b", "a=rwp+hce"},

    {"U01Unbound", "udp_socket u", "u=w"},
    {"U01Connected", "udp a b", "a=w b=w"},
    {"U02EmptyDatagram", "udp a b; send b 0", "a=rw b=w"},
    {"U02EmptyDatagramRead", "udp a b; send b 0; recv a 0", "a=w"},
    {"U02Datagram", "udp a b; send b 3", "a=rw b=w"},
    {"U02DatagramCutShort", "udp a b; send b 3; recv a 1", "a=w"},
    {"U03PortUnreachable", "udp a b; close b; send a 1", "a=rw+e"},
    {"U03PortUnreachableErrorTaken", "udp a b; close b; send a 1; take_error a",
     "a=w"},
    {"U04PortUnreachableUnconnected",
     "udp_socket a; udp_socket b; close b; sendto a b 1", "a=w"},
    {"U08ShutDown", "udp a b; shutdown a rw", "a=rw+hc b=w"},
    {"U08ReadShutDown", "udp a b; shutdown a r", "a=rw+c"},
    {"U08WriteShutDown", "udp a b; shutdown a w", "a=w"},

    {"X01StreamNeverConnected", "unix_socket s", "s=rw+hc"},
    {"X01SeqpacketNeverConnected", "unix_socket s seqpacket", "s=rw+hc"},
    {"X01DgramNeverConnected", "unix_socket s dgram", "s=w"},
    // It looks connected and is not: tokio-rs/tokio 3879.
    {"X02BacklogFull",
     "unix_listener l; backlog l 0; unix_socket x; connect x l; "
     "unix_socket c; try connect c l",
     "c=rw+hc l=r"},
    {"X03ListenerIdle", "unix_listener l", "l=-"},
    {"X03ConnectionPending", "unix_listener l; unix_socket c; connect c l",
     "l=r c=w"},
    {"X03ListenerClosed",
     "unix_listener l; unix_socket c; connect c l; close l", "c=rw+hce"},
    {"X03PendingPeerClosed",
     "unix_listener l; unix_socket c; connect c l; close c", "l=r"},
    {"X04Connected", "unix a b", "a=w b=w"},
    {"X04Data", "unix a b; send b 3", "a=rw b=w"},
    // Must be reported, and must be silent when parked: apple/swift-nio 277.
    {"X04PeerClosed", "unix a b; close b", "a=rw+hc"},
    {"X04PeerClosedDataUnread", "unix a b; send b 3; close b", "a=rw+hc"},
    {"X05PeerClosedOurDataUnread", "unix a b; send a 1; close b", "a=rw+hce"},
    {"X05ErrorRead", "unix a b; send a 1; close b; try recv a 1", "a=rw+hc"},
    {"X06OwnReadShutDown", "unix a b; shutdown a r", "a=rw+c b=w"},
    {"X06OwnWriteShutDown", "unix a b; shutdown a w", "a=w b=rw+c"},
    {"X06ShutDownBothWays", "unix a b; shutdown a rw", "a=rw+hc b=rw+hc"},
    {"X07DgramPeerClosed", "unix a b dgram; close b", "a=w"},
    {"X07DgramPeerShutDown", "unix a b dgram; shutdown b r", "a=w"},
    {"X08DgramQueueFull", "unix a b dgram; fill a", "a=- b=rw"},
    {"X08DgramQueueDrained", "unix a b dgram; fill a; drain b", "a=w b=w"},
    {"X08DgramUnconnectedQueueFull",
     "unix_socket r dgram; bind r; unix_socket f dgram; connect f r; fill f; "
     "unix_socket s dgram",
     "r=rw f=- s=w"},
    {"X09StreamFull", "unix a b; fill a", "a=- b=rw"},
    {"X09StreamPartlyDrained", "unix a b; fill a; recv b 1", "a=- b=rw"},
    {"X09StreamDrained", "unix a b; fill a; drain b", "a=w b=w"},
    {"X09StreamFullPeerClosed", "unix a b; fill a; close b", "a=rw+hce"},
    {"X10SeqpacketEmptyMessage", "unix a b seqpacket; send b 0", "a=rw b=w"},
    {"X10SeqpacketPeerClosed", "unix a b seqpacket; close b", "a=rw+hc"},
    {"X10SeqpacketFull", "unix a b seqpacket; fill a", "a=- b=rw"},
    {"X10SeqpacketListener",
     "unix_listener l seqpacket; unix_socket c seqpacket; connect c l",
     "l=r c=w"},

    {"P01Idle", "pipe r w", "r=- w=w"},
    {"P01Data", "pipe r w; send w 1", "r=r w=w"},
    // A hangup without a readable bit is readable, and not writable (P4):
    // nim-lang/Nim PR 1990, libuv/libuv PR 1896.
    {"P02WriterGone", "pipe r w; close w", "r=r+hc"},
    {"P03WriterGoneDataUnread", "pipe r w; send w 1; close w", "r=r+hc"},
    {"P03WriterGoneDataRead", "pipe r w; send w 1; close w; recv r 1",
     "r=r+hc"},
    {"P03OneWriterLeft", "pipe r w; dup w v; close w", "r=- v=w"},
    // An error without a writable bit is writable, and readable too (P6):
    // tokio-rs/mio 582 and PR 1350, tokio-rs/tokio PR 2218, python/cpython
    // 109757.
    {"P05ReaderGone", "pipe r w; close r", "w=rw+e"},
    {"P05ReaderGoneFull", "pipe r w; fill w; close r", "w=rw+e"},
    {"P07Full", "pipe r w; fill w", "r=r w=-"},
    {"P07AllSlotsUsed", "pipe r w; send w 61441", "r=r w=-"},
    {"P07OneSlotUsedOfOne", "pipe r w; pipe_size w 4096; send w 1", "r=r w=-"},
    {"P08PagePartlyRead",
     "pipe r w; pipe_size w 4096; send w 4096; recv r 4095", "r=r w=-"},
    {"P08PageRead", "pipe r w; pipe_size w 4096; send w 4096; recv r 4096",
     "r=- w=w"},
    {"P09ReopenedBothWays", "pipe r w; reopen r x rw; close r; close w", "x=w"},

    {"F01NeverAWriter", "fifo r", "r=-"},
    // The write end is not readable: python/cpython 145030.
    {"F01Data", "fifo r; reopen r w w; send w 1", "r=r w=w"},
    // python/cpython 95600: silent elsewhere.
    {"F01LargeMessage", "fifo r; reopen r w w; fill w", "r=r w=-"},
    // golang/go 24164, python/cpython 84432: silent elsewhere.
    {"F02WriterGone", "fifo r; reopen r w w; close w", "r=r+hc"},
    {"F02NewReader", "fifo r; reopen r w w; close w; reopen r n r",
     "r=r+hc n=-"},
    {"F03WriterBack", "fifo r; reopen r w w; close w; reopen r v w", "r=- v=w"},
    {"F04BothWays", "fifo r; reopen r x rw", "r=- x=w"},
    {"F05ReaderGone", "fifo r; reopen r w w; close r", "w=rw+e"},

    {"S01EventfdZero", "eventfd e", "e=w"},
    {"S01EventfdCounts", "eventfd e; add e 3", "e=rw"},
    {"S01EventfdFull", "eventfd e; add e 18446744073709551614", "e=r"},
    {"S01EventfdRead", "eventfd e; add e 3; recv e 8", "e=w"},
    {"S02TimerUnarmed", "timerfd t", "t=-"},
    {"S02TimerExpired", "timerfd t; arm t; await t r", "t=r"},
    {"S02TimerRead", "timerfd t; arm t; await t r; recv t 8", "t=-"},
    {"S03SignalNone", "signalfd s", "s=-"},
    {"S03SignalPending", "signalfd s; raise s", "s=r"},
    {"S03SignalTaken", "signalfd s; raise s; recv s 128", "s=-"},
    {"S05ChildAlive", "pidfd p", "p=-"},
    {"S05ChildZombie", "pidfd p; kill p; await p r", "p=r"},
    {"S05ChildReaped", "pidfd p; kill p; reap p", "p=r+hc"},
    // Always readable elsewhere: libuv/libuv 883.
    {"S06EpollIdle", "pipe r w; epoll e; nest e r", "e=-"},
    {"S06EpollMemberReady", "pipe r w; epoll e; nest e r; send w 1", "e=r"},
    {"S06EpollMemberDrained", "pipe r w; epoll e; nest e r; send w 1; recv r 1",
     "e=-"},
    {"S07InotifyIdle", "inotify i", "i=-"},
    {"S07InotifyEvent", "inotify i; watch_root i", "i=r"},
    {"S08QueueEmpty", "mqueue q", "q=w"},
    {"S08QueueHalfFull", "mqueue q; post q", "q=rw"},
    {"S08QueueFull", "mqueue q; post q; post q", "q=r"},
    {"S10NetlinkIdle", "netlink n", "n=w"},

    // python/cpython PR 6113: its end of file goes unseen elsewhere.
    {"Y01SlaveClosedDataUnread",
     "pty m s; raw s 1; send s 1; await m rw; close s", "m=rw+hc"},
    {"Y01SlaveClosedDataRead",
     "pty m s; raw s 1; send s 1; await m rw; close s; recv m 1", "m=rw+hc"},
    {"Y01SlaveOpenedAgain", "pty m s; close s; open_slave m t", "m=w t=w"},
    {"Y02SlaveNeverOpened", "pty_master m", "m=w"},
    {"Y03Idle", "pty m s", "m=w s=w"},
    {"Y03Line", "pty m s; line m; await s rw; await m rw", "m=rw s=rw"},
    {"Y04LineIncomplete", "pty m s; send m 1; await m rw", "m=rw s=w"},
    {"Y04BelowVmin", "pty m s; raw s 10; send m 3; await_bytes s 3", "s=w"},
    {"Y04AtVmin", "pty m s; raw s 10; send m 10; await s rw", "s=rw"},
    {"Y05MasterClosed", "pty m s; close m", "s=rw+hce"},
    {"Y07PacketModeFlush", "pty m s; packet_mode m; flush s", "m=rwp s=w"},
    {"Y07PacketModeFlushRead", "pty m s; packet_mode m; flush s; recv m 1",
     "m=w s=w"},

    // Files are always ready: libuv/libuv 281 and 2428, golang/go 19093,
    // sipp PR 51, clustershell 56, php-src PR 23805, libpcap 870, libuv PR 659,
    // libuev 12, unikraft PR 1258, elfuse PR 332.
    {"D01RegularFile", "file f", "f=rw"},
    {"D01RegularFileWithData", "file f; send f 10", "f=rw"},
    {"D01RegularFileForReading", "file f; reopen f g r", "g=rw"},
    {"D01RegularFileForWriting", "file f; reopen f g w", "g=rw"},
    {"D01Memfd", "memfd f", "f=rw"},
    {"D01Directory", "open / f r", "f=rw"},
    {"D01DevNull", "open /dev/null f rw", "f=rw"},
    {"D01DevNullForReading", "open /dev/null f r", "f=rw"},
    {"D01DevNullForWriting", "open /dev/null f w", "f=rw"},
    {"D01DevZero", "open /dev/zero f r", "f=rw"},
    {"D01DevFull", "open /dev/full f w", "f=rw"},
    {"D01DevUrandom", "open /dev/urandom f r", "f=rw"},
    {"D01ProcStatus", "open /proc/self/status f r", "f=rw"},
    {"D01ProcUptime", "open /proc/uptime f r", "f=rw"},
    // Not like its sibling: epoll takes it, and it is never writable.
    {"D01DevRandom", "open /dev/random f r", "f=r"},
    // Add refuses it, whatever select(2) says.
    {"D02PathOnly", "open / f path", "f=rwp"},
};

}  // namespace

absl::Span<const State> CatalogueStates() { return kStates; }

}  // namespace isopoll::tests
