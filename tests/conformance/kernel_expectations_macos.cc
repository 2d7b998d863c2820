// As XNU 7195 was seen to answer; kDoneReading, kUrgentInLine and kShutDownUdp
// as its source says (bsd/kern/uipc_socket.c, sopoll; soreadable).

#include <poll.h>

#include "absl/time/time.h"
#include "isopoll/interest.h"
#include "tests/conformance/kernel_expectations.h"

namespace isopoll {

extern const bool kWatchesFiles = true;
extern const bool kHasUnixPairs = true;
extern const bool kHasLowWaterMark = true;
extern const bool kTellsFilesApart = true;
extern const bool kClosingEndsASleep = true;
extern const Interest kAlwaysOfReadEnd = kWritable;
extern const Interest kNeverOfReadEnd = kPriority;
extern const Interest kNeverConnected = kNone;
extern const Interest kDoneReading = kReadable | kWritable;
extern const Interest kUrgentInLine = kReadable | kWritable | kPriority;
extern const Interest kShutDownUdp = kReadable | kWritable;
extern const Interest kRefusedUdp = kReadable | kWritable;

extern const short kFailed = POLLIN;
extern const short kPeerFinished = POLLHUP;
extern const bool kPollTellsAllHints = false;
extern const bool kPollLeavesErrors = true;

extern const absl::Duration kShortSleep = absl::Microseconds(900);

}  // namespace isopoll
