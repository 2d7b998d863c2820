// Families: A the interface, B descriptors that come and go, C changes while
// pollers sleep.
//
// Not here, and why:
//   A4 to A8, A11  io_uring, which no backend uses.
//   A12 to A15     timeouts: a scenario looks once or sleeps for ever.
//   A17, A22       edge-triggered and exclusive modes, which are not offered.
//   B2 to B5       numbers: their tests are literal, not differential.
//   B13, B14       fork and the poller's own descriptor: likewise.

#include "tests/support/catalogue.h"

namespace isopoll::tests {
namespace {

constexpr Story kStories[] = {
    // Neither hangup nor error reaches a parked registration: h2o PR 603,
    // netty/netty 327, libevent/libevent 1038 and 345, NixOS/nix PR 1872 and
    // 7585, zeromq/jeromq 32.
    {"A01Parked",
     "pipe r w; tcp a b; watch r -; watch w -; watch a -; close w; reset b; "
     "wait; modify r r; modify a rw; wait; modify r -; modify a -; wait"},
    {"A01ParkedFile",
     "file f; watch f -; wait; modify f w; wait; modify f -; wait"},
    // apple/swift-nio 277, tokio-rs/tokio 449: an unasked hangup spins.
    {"A02PriorityOnly",
     "tcp a b; pipe r w; watch a p; watch r p; reset b; close w; wait; wait; "
     "wait; modify a rp; wait; modify a p; wait"},
    {"A02MutedThenReady",
     "fifo r; reopen r w w; watch r wp; close w; wait; wait; wait; "
     "reopen r v w; wait; modify r r; wait; send v 1; wait; modify r w; wait"},
    // Registered before connect(), so hung up and muted, and alive after all.
    {"A02MutedThenConnected",
     "tcp_listener l; tcp_socket s; watch s p; wait; wait; wait; connect s l; "
     "accept l t; wait; urgent t; wait; recv_urgent s; wait; reset t; wait"},
    {"A02MutedThenReopened",
     "pty m s; packet_mode m; watch m p; close s; wait; wait; wait; "
     "open_slave m t; wait; flush t; wait; recv m 1; wait; close t; wait"},
    {"A03DirectionsApart",
     "pipe r w; watch w r; wait; close r; wait; modify w w; wait; "
     "modify w p; wait"},
    {"A09LevelHolds",
     "tcp a b; watch a r; send b 4; wait; wait; recv a 2; wait; recv a 2; "
     "wait; send b 1; wait; wait"},
    // golang/go issues with one event per filter; dotnet/corefx 30698,
    // python/cpython 110038.
    {"A10DirectionsMerged",
     "tcp a b; watch a rwp; send b 1; urgent b; wait; wait"},
    {"A16Fair",
     "eventfd a; eventfd b; eventfd c; eventfd d; eventfd e; watch a w; "
     "watch b w; watch c w; watch d w; watch e w; wait 2; wait 2; wait 2; "
     "wait 2; wait 2; wait 2; wait 1; wait 1; wait 1; wait 1; wait 1; wait 1; "
     "wait 3; wait 3; wait 3; wait 4; wait 4; wait 5; wait 6"},
    {"A16FairWithFiles",
     "file f; file g; eventfd a; eventfd b; pipe r w; watch f r; watch g w; "
     "watch a w; watch b w; watch w w; wait 1; wait 1; wait 1; wait 1; "
     "wait 1; wait 1; wait 2; wait 2; wait 2; wait 2; wait 2; wait 2; wait 4; "
     "wait 4; wait 4"},
    {"A16FairWithMuted",
     "pipe r w; close w; watch r w; eventfd a; eventfd b; watch a w; "
     "watch b w; wait 1; wait 1; wait 1; wait 1; wait 2"},
    {"A16FairWithWakeup",
     "eventfd a; eventfd b; eventfd c; watch a w; watch b w; watch c w; "
     "wakeup; wait 1; wait 1; wakeup; wait 1; wait 1; wait 1; wakeup; wait 3; "
     "wait 3"},
    {"A20OneShot",
     "tcp a b; watch a r oneshot; wait; send b 1; wait; wait; send b 1; wait; "
     "modify a r oneshot; wait; wait"},
    // One shot is one for all directions: sysprog21/elfuse PR 5.
    {"A20OneShotBothWays",
     "tcp a b; watch a rw oneshot; wait; send b 1; wait; modify a rw oneshot; "
     "wait; wait"},
    {"A20OneShotHangup",
     "pipe r w; watch r r oneshot; close w; wait; wait; wait; modify r w; "
     "wait; modify r rw oneshot; wait; wait"},
    // smol-rs/polling 64: modify swallowed the event.
    {"A20OneShotToLevel",
     "tcp a b; send b 1; watch a r oneshot; wait; modify a r; wait; wait; "
     "modify a r oneshot; wait; wait"},
    // To arm it again reports what holds still: boostorg/asio 320,
    // chriskohlhoff/asio 452, where an edge was waited for in vain.
    {"A20OneShotArmedAnew",
     "eventfd e; add e 1; watch e r oneshot; wait; wait; modify e r oneshot; "
     "wait; wait; modify e r oneshot; wait; wait"},
    {"A20OneShotFile",
     "file f; watch f rw oneshot; wait; wait; modify f w; "
     "wait; wait; modify f r oneshot; wait; wait"},
    {"A20OneShotsShareASpan",
     "eventfd a; eventfd b; eventfd c; watch a w oneshot; watch b w oneshot; "
     "watch c w oneshot; wait 1; wait 1; wait 1; wait 1"},
    {"A23Wakeups", "wakeup; wait; wait; wakeup; wakeup; wait; wait"},
    {"A23WakeupWithEvents",
     "eventfd e; watch e w; wakeup; wait; wait; watch e w; wakeup; remove e; "
     "wait; wait"},
    {"A24Registry",
     "tcp a b; modify a r; remove a; watch a w; watch a r; wait; remove a; "
     "remove a; modify a w; wait; watch a r; wait"},
    {"A24PathOnly", "open / f path; watch f r; modify f r; remove f; wait"},
    {"A25InterestsInTurn",
     "tcp a b; watch a r; wait; modify a w; wait; modify a p; wait; "
     "modify a rw; send b 1; wait; modify a rp; urgent b; wait; "
     "modify a wp; wait; modify a rwp; wait; modify a -; wait"},

    {"A26Set",
     "tcp a b; set a r; wait; send b 1; wait; set a rw; wait; set a w oneshot; "
     "wait; wait; set a r; wait; set a -; wait; set a -; modify a r; wait; "
     "set a rp; wait; remove a; set a w; watch a r; wait; set a - oneshot; "
     "watch a r; wait"},
    {"A26SetFile",
     "file f; set f r; wait; set f w oneshot; wait; wait; set f rw; wait; "
     "set f -; wait; remove f; wait"},
    {"A26SetPathOnly", "open / f path; set f r; set f -; remove f; wait"},

    // macOS's filter for priority is in doubt when it fires for data; what it
    // watches has its turn all the same.
    {"A26TurnOfOneInDoubt",
     "unix c d dgram; watch d rwp; watch c p; modify c rw; "
     "open /dev/null n r; tcp a b; dup n o; watch a p; watch n rwp; wait; "
     "modify a rp; udp e f; watch e rwp; watch f rwp; pty_master m; "
     "watch m wp; wait 8; fill b; watch o rw; wait 5; wait 5"},

    // What becomes ready without a word may be missed until Modify. A poller
    // that misses it all the same is caught by the last looks.
    {"A27UrgentMadeInline",
     "tcp a b; urgent b; watch a r; wait; oobinline a; wait; wait; "
     "modify a r; wait; wait; recv a 1; wait; send b 1; wait"},
    {"A27UrgentMadeInlineThenMore",
     "tcp a b; urgent b; watch a r; wait; oobinline a; wait; recv a 1; wait; "
     "send b 1; wait"},
    {"A27UrgentMadeInlineOfACopy",
     "tcp a b; dup a x; urgent b; watch a r; watch x r oneshot; wait; "
     "oobinline a; wait; set x r oneshot; modify a rw; wait; wait"},
    // A change undone before the next Wait tells the kernel nothing.
    {"A27UrgentMadeInlineModifyUndone",
     "tcp a b; urgent b; watch a r; wait; oobinline a; modify a rp; "
     "modify a r; wait; modify a -; modify a r; wait; wait"},
    // FreeBSD's and NetBSD's kqueue alone say nothing of this.
    {"A27LowWaterMarkLowered",
     "tcp a b; watch a r; wait; rcvlowat a 100; send b 10; wait; rcvlowat a 5; "
     "wait; modify a r; wait; rcvlowat a 20; wait; rcvlowat a 5; modify a rw; "
     "wait; recv a 10; wait; send b 5; wait"},
    {"A27PacketModeStop",
     "pty m s; packet_mode m; watch m p; wait; stop s; wait; wait; "
     "modify m p; wait; recv m 1; wait; start s; wait; modify m p; wait; "
     "recv m 1; wait; wait"},
    {"A27PacketModeStopHeardByReaders",
     "pty m s; packet_mode m; watch m rp; wait; stop s; wait; recv m 1; wait; "
     "start s; wait; wait"},
    // Between a terminal's ends Linux keeps blocks of bytes, and has room again
    // when one is used up; it wakes the writer only when few bytes are left to
    // read (n_tty.c, n_tty_check_unthrottle). A reader's buffer has 4,095.
    {"A27MasterHasRoom",
     "pty m s; raw s 1; watch m w; wait; fill m; await_bytes s 4095; fill m; "
     "wait; recv s 3000; await_bytes s 4095; recv s 3000; await m w; wait; "
     "wait; modify m w; wait; wait"},
    {"A27SlaveHasRoom",
     "pty m s; raw s 1; watch s w; wait; fill s; await_bytes m 4095; fill s; "
     "wait; recv m 3000; await_bytes m 4095; recv m 3000; await s w; wait; "
     "wait; set s w; wait; wait"},
    {"A27DgramPeerConnectsToUs",
     "unix_socket r dgram; bind r; unix_socket s dgram; bind s; connect s r; "
     "unix_socket f dgram; connect f r; unix_socket g dgram; connect g r; "
     "unix_socket h dgram; connect h r; watch s w; wait; fill f; fill g; "
     "fill h; wait; connect r s; wait; wait; modify s w; wait; wait"},

    // The poller is not told: libuv/libuv 1099, 1148, PR 1468, 4323, node
    // 11307, mheily/libkqueue 58, tokio-rs/mio 267.
    {"B01ClosedAmongOthers",
     "tcp a b; pipe r w; watch a r; watch r r; send w 1; close a; wait; wait; "
     "wait"},
    {"B01ClosedFillsTheSpanOfAWakeup",
     "pipe r w; watch r r; close r; wakeup; wait 1; wait"},
    {"B09ClosedWhileReady",
     "tcp a b; send b 1; watch a rw; wait; close a; wait; wait; close b"},
    {"B09NumberReused",
     "tcp a b; watch a rw; close a; dup b c; wait; remove a; watch c rw; "
     "wait; wait"},
    {"B09RemovedThenReused",
     "tcp a b; send b 1; watch a r; wait; remove a; close a; dup b c; "
     "watch c r; wait; modify c w; wait; wait"},
    {"B09ReusedByAFile",
     "tcp a b; watch a rw; remove a; close a; file f; watch f r; wait; "
     "remove f; close f; dup b c; watch c w; wait"},
    {"B10CopyAlive",
     "tcp a b; send b 1; dup a x; watch a rw; wait; close a; wait; wait; "
     "wait"},
    {"B10CopyAliveAndWatched",
     "tcp a b; send b 1; dup a x; watch a rw; watch x rw; close a; wait; "
     "wait; remove x; wait"},
    {"B10CopyAliveNumberReused",
     "tcp a b; send b 1; dup a x; watch a rw; close a; pipe r w; wait; wait; "
     "remove a; watch r r; wait; send w 1; wait; wait"},
    // Modify must not leave the kernel with two files for one number.
    {"B10CopyAliveNumberReusedAndModified",
     "eventfd a; dup a x; pipe r w; watch a w; watch r r; replace a w; "
     "modify a rw; wait; wait"},
    {"B10CopyAliveNumberGivenToAFile",
     "eventfd a; dup a x; file f; watch a w; replace a f; modify a rw; wait; "
     "wait"},
    {"B10NumberOfAFileReusedAndModified",
     "file f; pipe r w; watch f r; replace f r; modify f rw; wait; send w 1; "
     "wait; wait"},
    {"B10ClosedThenRemoved",
     "tcp a b; send b 1; dup a x; watch a rw; close a; remove a; wait; wait"},
    {"B11TwoNumbersOneFile",
     "tcp a b; dup a x; watch a r; watch x rw; send b 1; wait; modify a w; "
     "wait; remove x; wait; wait"},
    {"B11TwoNumbersOneShot",
     "tcp a b; dup a x; watch a r oneshot; watch x r; send b 1; wait; wait; "
     "remove x; wait; modify a r oneshot; wait"},
    // Not for long: a number that is closed is silent.
    {"B10CopyAliveForAWhile",
     "tcp a b; send b 1; dup a x; watch a r; wait; close a; waits 300; "
     "remove a; wait"},
    {"B10CopyAliveForAWhileAmongOthers",
     "tcp a b; send b 1; dup a x; eventfd e; watch a r; watch e w; wait 1; "
     "close a; waits 300; wait 1; remove a; wait"},
    {"B10CopyAliveForAWhileInTurns",
     "tcp a b; send b 1; dup a x; eventfd e; watch a r; watch e w; wait 1; "
     "close a; waits 600 1; remove a; waits 4 1"},
    {"B12WatchedTwice", "tcp a b; watch a r; watch a w; wait; send b 1; wait"},
    {"B08Replaced",
     "tcp a b; pipe r w; watch a rw; send b 1; replace a r; wait; wait; "
     "remove a; watch a r; wait; send w 1; wait"},
    // Its last file closes when those who sleep on it are interrupted.
    {"B08ReplacedWhileAsleep",
     "tcp a b; pipe r w; watch a r; watch b p; sleep; replace b r; set b p; "
     "modify a r; rouse; wait"},
    // Modify means the number as it is now. libpq does this when its first host
    // refuses, and curl with a new connection.
    {"B16ReplacedAndModifiedAlike",
     "tcp a b; pipe r w; watch a r; wait; replace a r; modify a r; wait; "
     "send w 1; wait; wait; recv r 1; wait"},
    {"B16ReplacedAndModified",
     "tcp a b; pipe r w; watch a r; wait; replace a r; modify a rw; wait; "
     "send w 1; wait; wait; recv r 1; wait"},
    {"B16ReplacedAndSet",
     "tcp a b; pipe r w; watch a r; wait; replace a r; set a r; wait; "
     "send w 1; wait; replace a b; set a rw; wait; set a -; wait"},
    {"B16ReplacedSeenAndModified",
     "tcp a b; pipe r w; send w 1; watch a r; wait; replace a r; wait; "
     "modify a r; wait; wait"},
    {"B16ReplacedParkedAndBack",
     "tcp a b; pipe r w; send w 1; watch a r; wait; replace a r; modify a -; "
     "wait; modify a r; wait; wait"},
    {"B16ReplacedParkedAndBackAtOnce",
     "tcp a b; pipe r w; send w 1; watch a r; wait; replace a r; modify a -; "
     "modify a r; wait; wait"},
    {"B16ReplacedWhileParked",
     "tcp a b; pipe r w; send w 1; watch a r; wait; modify a -; wait; "
     "replace a r; modify a r; wait; wait"},
    {"B16ReplacedOneShot",
     "tcp a b; pipe r w; send b 1; watch a r oneshot; wait; replace a r; "
     "modify a r oneshot; wait; send w 1; wait; wait; modify a r oneshot; "
     "wait"},
    {"B16ReplacedOneShotBeforeItFires",
     "tcp a b; pipe r w; send w 1; watch a r oneshot; wait; replace a r; "
     "modify a r oneshot; wait; wait"},
    {"B16ReplacedModifyUndone",
     "tcp a b; pipe r w; send w 1; watch a r; wait; replace a r; modify a rw; "
     "modify a r; wait"},
    {"B16FileToSocket",
     "file f; tcp a b; watch f r; wait; replace f a; modify f r; wait; "
     "send b 1; wait; wait; recv a 1; wait"},
    {"B16FileToSocketOneShot",
     "file f; tcp a b; watch f r oneshot; wait; replace f a; "
     "modify f r oneshot; wait; send b 1; wait; wait"},
    {"B16SocketToFile",
     "tcp a b; file f; watch a r; wait; replace a f; modify a r; wait; wait; "
     "modify a w; wait"},
    {"B16FileToFile",
     "file f; file g; watch f r; wait; replace f g; modify f r; wait; wait"},
    {"B16PipeToDevNull",
     "pipe r w; open /dev/null n rw; watch r r; wait; replace r n; "
     "modify r r; wait; wait"},
    {"B16HungUpToPipe",
     "pipe r w; pipe q v; close w; watch r w; wait; wait; replace r v; "
     "modify r w; wait; wait"},
    {"B16CopyAlive",
     "tcp a b; dup a x; pipe r w; watch a r; wait; replace a r; modify a r; "
     "wait; send b 1; wait; send w 1; wait; wait; recv r 1; wait; remove a; "
     "wait"},
    {"B16CopyAliveAndReady",
     "tcp a b; dup a x; send b 1; pipe r w; watch a r; wait; replace a r; "
     "modify a r; wait; wait; send w 1; wait"},
    {"B16BackAgain",
     "tcp a b; dup a x; pipe r w; watch a r; wait; replace a r; modify a r; "
     "wait; replace a x; modify a r; wait; send b 1; wait; send w 1; wait"},
    {"B16ClosedAndOpened",
     "tcp a b; pipe r w; watch a r; wait; close a; dup r c; modify c r; wait; "
     "send w 1; wait; wait; remove c; wait"},
    {"B16RefusedThenConnected",
     "tcp_socket n; bind n; tcp_listener l; tcp_socket a; connect a n; "
     "watch a w; wait; tcp_socket c; replace a c; connect a l; modify a w; "
     "wait; wait; accept l s; send s 1; modify a r; wait"},
    // fstat(2) does not tell these apart, and so check_closed does not either.
    {"B16SameInode",
     "eventfd a; eventfd e; add e 1; watch a r; wait; replace a e; wait; wait; "
     "modify a r; wait; wait"},
    {"B16BothEndsOfAPipe",
     "pipe r w; watch r rw; wait; replace r w; wait; modify r rw; wait; wait"},
    {"B16ReplacedByASet",
     "eventfd a; epoll e; watch a w; wait; replace a e; wait; modify a w; "
     "wait; modify a r; wait"},
    {"O05UrgentMadeInline",
     "tcp a b; urgent b; watch a rwp; wait; modify a rw; wait; oobinline a; "
     "wait; recv a 1; wait"},
    {"B15RemovedInBetween",
     "tcp a b; tcp c d; watch a r; watch c r; send b 1; send d 1; wait; "
     "remove a; wait; watch a r; remove c; wait; wait"},

    // A listener that was shut down is none to Linux any more.
    {"B16ListenerShutDownThenModified",
     "tcp_listener l; watch l w; shutdown l r; modify l rw; wait; modify l w; "
     "wait; modify l r; wait"},
    {"B16ListenerParkedAndShutDown",
     "tcp_listener l; watch l rw; wait; modify l -; shutdown l r; modify l w; "
     "wait; modify l rw; wait"},
    {"B16ListenerFirstASocket",
     "tcp_socket l; bind l; watch l w; wait; backlog l 5; modify l rw; wait; "
     "shutdown l r; wait; modify l w; wait; modify l rw; wait"},
    {"B17DatagramPeerTurnsToAnother",
     "unix a b dgram; unix_socket c dgram; bind c; watch a r; send a 1; wait; "
     "connect b c; wait; take_error a; wait; send b 1; wait"},
    {"B18RevokedTerminal",
     "pty m s; watch s r; wait; close m; wait; modify s rw; wait; modify s -; "
     "modify s w; wait; remove s; watch s rw; wait"},
    {"C01AddedWhileAsleep", "tcp a b; send b 1; sleep; watch a r; rouse; wait"},
    {"C01FileAddedWhileAsleep",
     "tcp a b; watch a r; sleep; file f; watch f w; rouse; wait"},
    {"C01ParkedAddedWhileAsleep",
     "tcp a b; send b 1; sleep; watch a -; rouse; wait"},
    {"C02ModifiedWhileAsleep", "tcp a b; watch a r; sleep; modify a w; rouse"},
    {"C02ParkedWhileAsleep",
     "tcp a b; watch a r; sleep; modify a -; send b 1; rouse; wait"},
    {"C02UnparkedWhileAsleep",
     "pipe r w; watch r -; sleep; close w; dwell 200; modify r r; rouse"},
    {"C02ModifiedWhileMuted",
     "pipe r w; close w; watch r w; sleep; dwell 200; modify r r; rouse"},
    {"C03RemovedWhileAsleep",
     "tcp a b; watch a r; sleep; remove a; send b 1; rouse; wait"},
    // The kernel must not hold the file any more, or the peer sees no end of
    // file until the sleep is over.
    {"C03RemovedAndClosedWhileAsleep",
     "tcp a b; watch a r; sleep; remove a; close a; await b rw; rouse"},
    {"C03MutedRemovedAndClosedWhileAsleep",
     "tcp_socket s; tcp a b; watch s p; watch a p; sleep; remove a; close a; "
     "await b rw; rouse"},
    {"C04WokenWhileAsleep",
     "tcp a b; watch a r; sleep; wakeup; wait; send b 1; wait"},
    {"C04NothingRegistered", "sleep; dwell 100; rouse; wait"},
    {"C05OneShotWhileAsleep",
     "tcp a b; watch a r oneshot; sleep; send b 1; wait; sleep; send b 1; "
     "rouse; modify a r oneshot; sleep; wait"},
    // A muted descriptor that comes alive must end the sleep.
    {"C06MutedThenConnected",
     "tcp_listener l; tcp_socket s; watch s p; sleep; dwell 100; "
     "connect s l; accept l t; urgent t; rouse"},
    {"C06MutedAmongOthers",
     "tcp_socket s; pipe r w; close w; watch s p; watch r w; tcp a b; "
     "watch a r; sleep; dwell 200; send b 1; rouse; wait"},
    {"C08ReplacedAndModifiedWhileAsleep",
     "tcp a b; pipe r w; watch a r; sleep; replace a r; modify a r; send w 1; "
     "rouse; wait; wait"},
    {"C08FileGivenTheNumberWhileAsleep",
     "tcp a b; file f; watch a r; sleep; replace a f; modify a r; rouse; "
     "wait"},
    {"C08SetWhileAsleep",
     "tcp a b; send b 1; sleep; set a w; rouse; wait; sleep; set a -; set a r; "
     "rouse; wait"},
    {"C09UrgentMadeInlineWhileAsleep",
     "tcp a b; urgent b; watch a r; sleep; oobinline a; modify a r; rouse; "
     "wait"},
    {"C07ClosedWhileAsleep",
     "tcp a b; tcp c d; watch a r; watch c r; sleep; close a; send d 1; "
     "rouse; wait; wait"},

    // The same of sockets, for systems that have nothing else.
    {"A01ParkedSocket",
     "tcp a b; tcp c d; watch c -; watch a -; reset b; close d; wait; "
     "modify c r; modify a rw; wait; modify c -; modify a -; wait"},
    {"A02PriorityOnlySocket",
     "tcp a b; tcp c d; watch a p; watch c p; reset b; close d; wait; wait; "
     "wait; modify a rp; wait; modify a p; wait"},
    {"A02FinOfAFullSocket",
     "tcp a b; fill a; watch a w; shutdown b w; wait; wait; modify a rw; wait; "
     "modify a w; wait; drain b; wait"},
    {"A03DirectionsApartOfASocket",
     "tcp a b; fill a; watch a r; wait; shutdown b w; wait; modify a w; wait; "
     "modify a p; wait; reset b; wait"},
    {"A16FairSockets",
     "udp_socket a; udp_socket b; udp_socket c; udp_socket d; udp_socket e; "
     "watch a w; watch b w; watch c w; watch d w; watch e w; wait 2; wait 2; "
     "wait 2; wait 2; wait 2; wait 2; wait 1; wait 1; wait 1; wait 1; wait 1; "
     "wait 1; wait 3; wait 3; wait 3; wait 4; wait 4; wait 5; wait 6"},
    {"A16FairWithMutedSocket",
     "tcp r w; reset w; watch r p; udp_socket a; udp_socket b; watch a w; "
     "watch b w; wait 1; wait 1; wait 1; wait 1; wait 2"},
    {"A16FairSocketsWithWakeup",
     "udp_socket a; udp_socket b; udp_socket c; watch a w; watch b w; "
     "watch c w; wakeup; wait 1; wait 1; wakeup; wait 1; wait 1; wait 1; "
     "wakeup; wait 3; wait 3"},
    {"A20OneShotReset",
     "tcp r w; watch r r oneshot; reset w; wait; wait; wait; modify r p; wait; "
     "modify r rw oneshot; wait; wait"},
    {"A20OneShotSocketArmedAnew",
     "udp e f; send f 1; watch e r oneshot; wait; wait; modify e r oneshot; "
     "wait; wait; modify e r oneshot; wait; wait"},
    {"A20OneShotSocketsShareASpan",
     "udp_socket a; udp_socket b; udp_socket c; watch a w oneshot; "
     "watch b w oneshot; watch c w oneshot; wait 1; wait 1; wait 1; wait 1"},
    {"A23WakeupWithSockets",
     "udp_socket e; watch e w; wakeup; wait; wait; watch e w; wakeup; "
     "remove e; wait; wait"},
    {"B01ClosedAmongSockets",
     "tcp a b; tcp r w; watch a r; watch r r; send w 1; close a; wait; wait; "
     "wait"},
    {"B01ClosedSocketFillsTheSpanOfAWakeup",
     "tcp r w; watch r r; close r; wakeup; wait 1; wait"},
    {"B10CopyAliveNumberReusedBySockets",
     "tcp a b; send b 1; dup a x; watch a rw; close a; tcp r w; wait; wait; "
     "remove a; watch r r; wait; send w 1; wait; wait"},
    {"B10CopyAliveForAWhileAmongSockets",
     "tcp a b; send b 1; dup a x; udp_socket e; watch a r; watch e w; wait 1; "
     "close a; waits 300; wait 1; remove a; wait"},
    {"B11TwoNumbersAskedOtherwise",
     "tcp a b; dup a x; watch a rw; watch x r; wait; send b 1; wait; "
     "modify x p; wait; modify a w; modify x r; wait"},
    {"B11TwoNumbersWhileAsleep",
     "tcp a b; dup a x; watch a r; watch x p; sleep; send b 1; rouse; "
     "remove a; sleep; urgent b; rouse; wait"},
    {"B16ClosedAndOpenedSocket",
     "tcp a b; tcp r w; watch a r; wait; close a; dup r c; modify c r; wait; "
     "send w 1; wait; wait; remove c; wait"},
    {"B16ClosedAndOpenedOneShot",
     "tcp a b; tcp r w; send w 1; send b 1; watch a r oneshot; wait; close a; "
     "dup r c; modify c r oneshot; wait; wait"},
    {"C02UnparkedSocketWhileAsleep",
     "tcp r w; watch r -; sleep; reset w; dwell 200; modify r r; rouse"},
    {"C02ModifiedWhileMutedByAReset",
     "tcp r w; reset w; watch r p; sleep; dwell 200; modify r r; rouse"},
    {"C06MutedAmongSockets",
     "tcp_socket s; tcp r w; reset w; watch s p; watch r p; tcp a b; "
     "watch a r; sleep; dwell 200; send b 1; rouse; wait"},
    {"C08ClosedAndOpenedWhileAsleep",
     "tcp a b; tcp r w; watch a r; sleep; close a; dup r c; modify c r; "
     "send w 1; rouse; wait; wait"},
};

}  // namespace

absl::Span<const Story> CatalogueStories() { return kStories; }

}  // namespace isopoll::tests
