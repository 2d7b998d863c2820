#include "poller/core/hint_finder.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>

#include "absl/types/span.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/platform.h"

namespace isopoll {
namespace internal {

void HintFinder::AddHints(absl::Span<Event> events) {
  const MaskDialect& dialect = *calls_.poll_dialect;
  entries_.clear();
  for (const Event& event : events) {
    // poll ignores a negative fd. A closed number may be another file's now.
    entries_.push_back({event.closed() ? -1 : event.fd(),
                        static_cast<short>(dialect.Ask(kReadable)), 0});
  }
  Poll();
  for (size_t i = 0; i < events.size(); ++i) {
    events[i].AddHints(
        dialect.Hints(static_cast<uint16_t>(entries_[i].revents)));
  }
}

// In portions, as poll takes no more at once than RLIMIT_NOFILE, which may have
// been lowered since. A hint that is missing is no error.
void HintFinder::Poll() {
  constexpr timespec kNoTime = {};
  size_t portion = entries_.size();
  for (size_t begin = 0; begin < entries_.size();) {
    const size_t size = std::min(portion, entries_.size() - begin);
    if (calls_.poll(&entries_[begin], static_cast<PollCount>(size), &kNoTime) !=
        -1) {
      begin += size;
    } else if (errno == EINVAL && size > 1) {
      portion = size / 2;
    } else if (errno != EINTR) {
      return;
    }
  }
}

}  // namespace internal
}  // namespace isopoll
