#include "tests/support/catalogue.h"

namespace isopoll::tests {
namespace {

constexpr Transition kTransitions[] = {
    {"TcpData", "tcp a b", "send b 1", "a=rw"},
    {"TcpDataRead", "tcp a b; send b 1", "recv a 1", "a=w"},
    {"TcpUrgent", "tcp a b", "urgent b", "a=wp"},
    // Not with SO_OOBINLINE: Linux shows that in two steps, priority first and
    // the byte a moment later, and a sleeper may wake to the first.
    {"TcpFin", "tcp a b", "shutdown b w", "a=rw+c"},
    {"TcpPeerClosed", "tcp a b", "close b", "a=rw+c"},
    {"TcpSecondFin", "tcp a b; shutdown a w", "shutdown b w", "a=rw+hc"},
    // A lone hangup or error must not end the sleep: curl/curl 7595,
    // netty/netty 15822, scylladb/seastar 1785.
    {"TcpReset", "tcp a b", "reset b", "a=rw+hce"},
    {"TcpResetWhenFull", "tcp a b; fill a", "reset b", "a=rw+hce"},
    {"TcpFinWhenFull", "tcp a b; fill a", "shutdown b w", "a=r+c"},
    {"TcpOwnReadShutDown", "tcp a b", "shutdown a r", "a=rw+c"},
    {"TcpOwnWriteShutDown", "tcp a b; fill a", "shutdown a w", "a=w"},
    {"TcpOwnShutDown", "tcp a b", "shutdown a rw", "a=rw+hc"},
    {"TcpDrained", "tcp a b; fill a", "drain b", "a=w"},
    {"TcpPartlyDrained", "tcp a b; fill a", "recv b 4096", "a=-"},
    {"TcpBelowLowWaterMark", "tcp a b; rcvlowat a 100", "send b 10", "a=w"},
    {"TcpAtLowWaterMark", "tcp a b; rcvlowat a 100; send b 10", "send b 90",
     "a=rw"},
    {"TcpLowWaterMarkLowered", "tcp a b; rcvlowat a 100; send b 10",
     "rcvlowat a 5", "a=rw"},
    {"TcpConnectionPending", "tcp_listener l; tcp_socket c", "connect c l",
     "l=r"},
    {"TcpConnected", "tcp_listener l; tcp_socket c", "connect c l", "c=w"},
    {"TcpRefused", "tcp_socket l; bind l; tcp_socket c", "connect c l",
     "c=rw+hce"},
    {"TcpListenerShutDown", "tcp_listener l", "shutdown l r", "l=rw+hc"},
    {"TcpConnectAborted",
     "tcp_listener l; backlog l 0; tcp_socket x; connect x l; tcp_socket c; "
     "connect c l",
     "shutdown c rw", "c=rw+hce"},
    {"UdpDatagram", "udp a b", "send b 3", "a=rw"},
    {"UdpEmptyDatagram", "udp a b", "send b 0", "a=rw"},
    {"UdpPortUnreachable", "udp a b; close b", "send a 1", "a=rw+e"},
    {"UdpShutDown", "udp a b", "shutdown a rw", "a=rw+hc"},
    {"UnixData", "unix a b", "send b 1", "a=rw"},
    {"UnixPeerClosed", "unix a b", "close b", "a=rw+hc"},
    {"UnixPeerClosedOurDataUnread", "unix a b; send a 1", "close b",
     "a=rw+hce"},
    {"UnixPeerWriteShutDown", "unix a b", "shutdown b w", "a=rw+c"},
    {"UnixDrained", "unix a b; fill a", "drain b", "a=w"},
    {"UnixFullPeerClosed", "unix a b; fill a", "close b", "a=rw+hce"},
    {"UnixConnectionPending", "unix_listener l; unix_socket c", "connect c l",
     "l=r"},
    {"UnixListenerClosed", "unix_listener l; unix_socket c; connect c l",
     "close l", "c=rw+hce"},
    {"DgramPeerClosed", "unix a b dgram", "close b", "a=w"},
    {"DgramDrained", "unix a b dgram; fill a", "drain b", "a=w"},
    {"SeqpacketEmptyMessage", "unix a b seqpacket", "send b 0", "a=rw"},
    {"PipeData", "pipe r w", "send w 1", "r=r"},
    {"PipeWriterGone", "pipe r w", "close w", "r=r+hc"},
    {"PipeWriterGoneDataUnread", "pipe r w; send w 1", "close w", "r=r+hc"},
    {"PipeReaderGone", "pipe r w", "close r", "w=rw+e"},
    {"PipeReaderGoneFull", "pipe r w; fill w", "close r", "w=rw+e"},
    {"PipeDrained", "pipe r w; fill w", "drain r", "w=w"},
    {"PipePartlyDrained", "pipe r w; pipe_size w 4096; send w 4096",
     "recv r 4095", "w=-"},
    {"FifoWriterGone", "fifo r; reopen r w w", "close w", "r=r+hc"},
    {"FifoWriterBackWithData", "fifo r; reopen r w w; close w; reopen r v w",
     "send v 1", "r=r"},
    {"EventfdCounts", "eventfd e", "add e 1", "e=rw"},
    {"EventfdNoLongerFull", "eventfd e; add e 18446744073709551614", "recv e 8",
     "e=w"},
    {"TimerExpires", "timerfd t", "arm t; await t r", "t=r"},
    {"ChildEnds", "pidfd p", "kill p; await p r", "p=r"},
    {"ChildReaped", "pidfd p; kill p; await p r", "reap p", "p=r+hc"},
    {"EpollMemberReady", "pipe r w; epoll e; nest e r", "send w 1", "e=r"},
    {"InotifyEvent", "inotify i", "watch_root i", "i=r"},
    {"QueueMessage", "mqueue q", "post q", "q=rw"},
    {"PtyLine", "pty m s", "line m; await s rw", "s=rw"},
    {"PtyEcho", "pty m s", "send m 1; await m rw", "m=rw"},
    {"PtySlaveClosed", "pty m s", "close s", "m=rw+hc"},
    {"PtyMasterClosed", "pty m s", "close m", "s=rw+hce"},
    {"PtyPacketModeFlush", "pty m s; packet_mode m", "flush s", "m=rwp"},
};

}  // namespace

absl::Span<const Transition> CatalogueTransitions() { return kTransitions; }

}  // namespace isopoll::tests
