#include "poller/internal/hint_finder.h"

#include <poll.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>

#include "absl/types/span.h"
#include "poller/event.h"
#include "poller/interest.h"
#include "poller/internal/descriptor_calls.h"
#include "poller/internal/mask_dialect.h"

namespace isopoll {
namespace internal {

void HintFinder::AddHints(absl::Span<Event> events) {
  if (events.empty()) return;
  const MaskDialect& dialect = *calls_.poll_dialect;
  entries_.clear();
  for (const Event& event : events) {
    // poll ignores a negative fd. A closed number may be another file's now.
    entries_.push_back({event.closed() ? -1 : event.fd(),
                        static_cast<short>(dialect.Ask(kReadable)), 0});
  }
  constexpr timespec kNoTime = {};
  int count;
  do {
    count = calls_.poll(entries_.data(), static_cast<nfds_t>(entries_.size()),
                        &kNoTime);
  } while (count == -1 && errno == EINTR);
  if (count <= 0) return;  // a hint that is missing is no error
  for (size_t i = 0; i < events.size(); ++i) {
    events[i].AddHints(
        dialect.Hints(static_cast<uint16_t>(entries_[i].revents)));
  }
}

}  // namespace internal
}  // namespace isopoll
