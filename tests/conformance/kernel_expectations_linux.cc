#include <poll.h>

#include "absl/time/time.h"
#include "isopoll/interest.h"
#include "tests/conformance/kernel_expectations.h"

namespace isopoll {

extern const bool kWatchesFiles = true;
extern const bool kHasUnixPairs = true;
extern const bool kHasLowWaterMark = true;
extern const bool kTellsFilesApart = true;
extern const bool kClosingEndsASleep = false;
extern const Interest kAlwaysOfReadEnd = kNone;
extern const Interest kNeverOfReadEnd = kWritable;
extern const Interest kNeverConnected = kReadable | kWritable;
extern const Interest kDoneReading = kReadable | kWritable;
extern const Interest kUrgentInLine = kReadable | kWritable | kPriority;
extern const Interest kShutDownUdp = kReadable | kWritable;
extern const Interest kRefusedUdp = kReadable | kWritable;

extern const short kFailed = POLLERR;
extern const short kPeerFinished = POLLRDHUP;
extern const bool kPollTellsAllHints = true;
extern const bool kPollLeavesErrors = true;

extern const absl::Duration kShortSleep = absl::Microseconds(900);

}  // namespace isopoll
