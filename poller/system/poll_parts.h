// PollParts: poll(2) asked for each direction of an entry in an entry of its
// own, as select(2) asks, for kernels that answer otherwise when they are asked
// for two at once.

#ifndef ISOPOLL_POLLER_SYSTEM_POLL_PARTS_H_
#define ISOPOLL_POLLER_SYSTEM_POLL_PARTS_H_

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <vector>

#include "poller/system/platform.h"

namespace isopoll {
namespace internal {

class PollParts {
 public:
  // `directions` are the bits that each get a part of their own.
  PollParts(const PollEntry* entries, PollCount count,
            std::initializer_list<short> directions) {
    for (PollCount i = 0; i < count; ++i) {
      for (const short direction : directions) {
        if (entries[i].fd < 0 || (entries[i].events & direction) == 0) continue;
        parts_.push_back({entries[i].fd, direction, 0});
        wholes_.push_back(i);
      }
    }
  }

  // What to show poll(2).
  PollEntry* data() { return parts_.data(); }
  PollCount size() const { return static_cast<PollCount>(parts_.size()); }

  // Leaves in `entries` what the parts were answered, as `read` has it of one
  // part with an answer. Returns how many entries have any.
  int PutTogether(PollEntry* entries, PollCount count,
                  short (*read)(const PollEntry& part)) const {
    for (PollCount i = 0; i < count; ++i) entries[i].revents = 0;
    for (size_t i = 0; i < parts_.size(); ++i) {
      const PollEntry& part = parts_[i];
      short& whole = entries[wholes_[i]].revents;
      if ((part.revents & POLLNVAL) != 0) {
        whole = POLLNVAL;
      } else if (part.revents != 0) {
        whole = static_cast<short>(whole | read(part));
      }
    }
    return static_cast<int>(std::count_if(
        entries, entries + count,
        [](const PollEntry& entry) { return entry.revents != 0; }));
  }

 private:
  std::vector<PollEntry> parts_;
  std::vector<PollCount> wholes_;  // the entry that each is a part of
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_POLL_PARTS_H_
