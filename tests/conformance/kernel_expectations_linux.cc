#include <poll.h>

#include "poller/interest.h"
#include "tests/conformance/kernel_expectations.h"

namespace isopoll {

extern const Interest kAlwaysOfReadEnd = kNone;
extern const Interest kNeverOfReadEnd = kWritable;
extern const Interest kNeverConnected = kReadable | kWritable;
extern const short kFailed = POLLERR;
extern const short kPeerFinished = POLLRDHUP;
extern const bool kPollTellsAllHints = true;

}  // namespace isopoll
