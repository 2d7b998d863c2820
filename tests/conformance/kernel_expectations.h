// What the suite expects of descriptors, and the contract does not say: what
// this system's own select(2) and poll(2) answer where kernels differ.

#ifndef ISOPOLL_TESTS_CONFORMANCE_KERNEL_EXPECTATIONS_H_
#define ISOPOLL_TESTS_CONFORMANCE_KERNEL_EXPECTATIONS_H_

#include "poller/interest.h"

namespace isopoll {

// What the read end of a pipe always is, and what it never is; poll(2) tells of
// its hangup even those who ask for that alone.
extern const Interest kAlwaysOfReadEnd;
extern const Interest kNeverOfReadEnd;

// What a TCP socket that never was connected is.
extern const Interest kNeverConnected;

// What poll(2) says of a socket with a pending error.
extern const short kFailed;

// What it says of a socket only when its peer has finished sending.
extern const short kPeerFinished;

// Whether it tells all hints: a hangup from an end of reading, and errors.
extern const bool kPollTellsAllHints;

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_KERNEL_EXPECTATIONS_H_
