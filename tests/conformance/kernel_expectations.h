// What the suite expects of descriptors, and the contract does not say: what
// this system's own select(2) and poll(2) answer where kernels differ, and what
// there is here to be watched. A test that needs what is not skips, and says
// so.

#ifndef ISOPOLL_TESTS_CONFORMANCE_KERNEL_EXPECTATIONS_H_
#define ISOPOLL_TESTS_CONFORMANCE_KERNEL_EXPECTATIONS_H_

#include "absl/time/time.h"
#include "isopoll/interest.h"

namespace isopoll {

// Whether pipes, files and devices can be watched, and not only sockets.
extern const bool kWatchesFiles;

// Whether there are pairs of Unix-domain sockets.
extern const bool kHasUnixPairs;

// Whether there is SO_RCVLOWAT.
extern const bool kHasLowWaterMark;

// Whether check_closed tells one file from another under the same number.
extern const bool kTellsFilesApart;

// Whether a sleep ends when something it watches is closed, so that a Wait may
// return before anything else comes.
extern const bool kClosingEndsASleep;

// What the read end of a pipe always is, and what it never is; poll(2) tells of
// its hangup even those who ask for that alone.
extern const Interest kAlwaysOfReadEnd;
extern const Interest kNeverOfReadEnd;

// What a TCP socket that never was connected is.
extern const Interest kNeverConnected;

// What an idle TCP connection is whose own end is shut down for reading.
extern const Interest kDoneReading;

// What a TCP connection with SO_OOBINLINE is that has an urgent byte to read.
extern const Interest kUrgentInLine;

// What a connected UDP socket is that is shut down, and one whose datagram was
// refused.
extern const Interest kShutDownUdp;
extern const Interest kRefusedUdp;

// What poll(2) says of a socket with a pending error.
extern const short kFailed;

// What it says of a socket only when its peer has finished sending, though
// there is data to read.
extern const short kPeerFinished;

// Whether it tells all hints: a hangup from an end of reading, and errors.
extern const bool kPollTellsAllHints;

// Whether a pending error is there still when it has been polled for.
extern const bool kPollLeavesErrors;

// In less than this a sleep of 100 us can end.
extern const absl::Duration kShortSleep;

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_KERNEL_EXPECTATIONS_H_
