// As XNU 7195 was seen to answer.

#include <poll.h>

#include "poller/interest.h"
#include "tests/conformance/kernel_expectations.h"

namespace isopoll {

extern const Interest kAlwaysOfReadEnd = kWritable;
extern const Interest kNeverOfReadEnd = kPriority;
extern const Interest kNeverConnected = kNone;
extern const short kFailed = POLLIN;
extern const short kPeerFinished = POLLHUP;
extern const bool kPollTellsAllHints = false;

}  // namespace isopoll
