// As Wine 8.0 was seen to answer. Windows itself says more of some states, by
// its documentation and by what is written of it in Wine's own tests: POLLHUP
// of a finished peer though data is unread, and readable of a refused datagram,
// which recv then fails for.

#include "absl/time/time.h"
#include "isopoll/interest.h"
#include "net/internal/sys.h"
#include "tests/conformance/kernel_expectations.h"

namespace isopoll {

extern const bool kWatchesFiles = false;
extern const bool kHasUnixPairs = false;
extern const bool kHasLowWaterMark = false;
// Of a socket there is nothing to tell it by.
extern const bool kTellsFilesApart = false;
extern const bool kClosingEndsASleep = true;

// Pipes are TCP connections.
extern const Interest kAlwaysOfReadEnd = kWritable;
extern const Interest kNeverOfReadEnd = kPriority;
extern const Interest kNeverConnected = kNone;
extern const Interest kDoneReading = kWritable;
extern const Interest kUrgentInLine = kReadable | kWritable;
extern const Interest kShutDownUdp = kWritable;
extern const Interest kRefusedUdp = kWritable;

extern const short kFailed = POLLERR;
// There is nothing that it says only then.
extern const short kPeerFinished = POLLIN;
extern const bool kPollTellsAllHints = false;
// Wine's server takes the error when it sees it.
extern const bool kPollLeavesErrors = false;

// Two ticks of the clock, of 15.6 ms unless a program asks for shorter ones.
extern const absl::Duration kShortSleep = absl::Milliseconds(32);

}  // namespace isopoll
