// Pace: whether a peer is silent for too long, or takes too little.

#ifndef ISOPOLL_ECHO_SERVICE_PACE_H_
#define ISOPOLL_ECHO_SERVICE_PACE_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "echo/service/limits.h"

namespace isopoll::echo {

// Times are SteadyNow's. A value type.
class Pace {
 public:
  explicit Pace(absl::Duration now) : active_at_(now) {}

  // `bytes` have gone in either direction, `sent` of them to the peer, which is
  // owed `owed` after that.
  void OnTransfer(absl::Duration now, size_t bytes, size_t sent, size_t owed);

  enum class Verdict { kFine, kIdle, kSlow };
  // The verdict at `now`, when the kernel still has `unsent` bytes of what was
  // sent: it makes room for more in lumps, and the peer may take those bytes
  // meanwhile. If a window is over and the peer was fast enough, or it cannot
  // be told yet, the next begins.
  Verdict Judge(absl::Duration now, const Limits& limits, size_t unsent);

  // Before this time there is nothing new to judge; infinite: never, unless
  // something is transferred.
  absl::Duration due(const Limits& limits) const;

 private:
  bool in_window() const { return window_at_ != absl::InfiniteDuration(); }

  absl::Duration active_at_;
  // Since when it is owed something without a break, or the last verdict.
  absl::Duration window_at_ = absl::InfiniteDuration();
  uint64_t taken_ = 0;            // since then
  std::optional<size_t> unsent_;  // at the last verdict, if it was of now
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_PACE_H_
