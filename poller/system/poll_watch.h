// PollWatch: descriptors watched by poll(2), as the poll backend does all of
// them, and kqueue those that it does not see itself.

#ifndef ISOPOLL_POLLER_SYSTEM_POLL_WATCH_H_
#define ISOPOLL_POLLER_SYSTEM_POLL_WATCH_H_

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "poller/core/deadline.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/platform.h"
#include "poller/system/poll_call.h"

namespace isopoll {
namespace internal {

class PollWatch {
 public:
  // The first entry is that of `first_fd`, a descriptor of the backend's own
  // that is watched for readability and is never asked to be removed.
  // `quiet_poll` answers as `poll`, but neither says nor wakes for what was not
  // asked for (R2). It need give no hints, and may find nothing before the time
  // is up.
  PollWatch(PollFunction* poll, PollFunction* quiet_poll,
            const MaskDialect& dialect, int first_fd)
      : poll_(poll),
        quiet_poll_(quiet_poll),
        dialect_(dialect),
        watched_{{first_fd, POLLIN, 0}} {}

  // Watches `fd` for `mask`, of dialect.Ask(), from the next Prepare on.
  void Put(int fd, uint32_t mask);
  // Watches it no more, if it is watched.
  void Erase(int fd);

  // How many are watched beside the first.
  size_t size() const { return watched_.size() - 1 - holes_; }

  // Takes the changes up, for Call.
  void Prepare() {
    if (changed_) TakeChanges();
    found_turn_ = turn_;
  }

  // Returns when anything was found, at the deadline, and sooner if it likes.
  // Does not spin over what nobody asked for (R2).
  absl::Status Call(Deadline* deadline) {
    if (deadline->immediate())
      return Found(poll_(data(), size_of_found(), &kNoTime));
    absl::Status status = Poll(poll_, deadline->Remaining());
    if (look_for_unasked_ && count_ > 0 && !AnyAsked()) {
      // It would find the same again at once.
      return Poll(quiet_poll_, deadline->Remaining());
    }
    return status;
  }

  // What Call found: `count` of the entries have an answer in revents.
  int count() const { return count_; }
  const std::vector<PollEntry>& found() const { return found_; }

  // Whose turn it is to be reported first, as a place in found(), for a backend
  // that has no room for all. The others follow in the order in which they were
  // Put, whichever is erased (R5).
  size_t turn() const { return found_turn_ < found_.size() ? found_turn_ : 1; }
  void SetTurnBehind(int fd) {
    if (Watches(fd)) turn_ = place_[TableIndex(fd)] + 1;
  }

 private:
  bool Watches(int fd) const;
  void TakeChanges();
  void FillHoles();
  int CanBeUnasked(const PollEntry& entry) const;

  static constexpr timespec kNoTime = {};
  PollEntry* data() { return found_.data(); }
  PollCount size_of_found() const {
    return static_cast<PollCount>(found_.size());
  }

  absl::Status Poll(PollFunction* poll, absl::Duration time);
  // Takes what poll returned. Sets count_, to 0 also on an error and on EINTR.
  absl::Status Found(int count) {
    count_ = std::max(count, 0);
    return count >= 0 || errno == EINTR ? absl::OkStatus() : PollError();
  }
  absl::Status PollError() const;

  bool Unasked(const PollEntry& entry) const;
  bool AnyAsked() const;

  PollFunction* poll_;
  PollFunction* quiet_poll_;
  const MaskDialect& dialect_;
  std::vector<PollEntry> watched_;  // what the backend wants, and holes
  size_t holes_ = 0;                // how many of watched_ were erased
  size_t first_hole_ = SIZE_MAX;    // their first place, if there are any
  std::vector<uint32_t> place_;     // by fd: where in watched_ it is, if it is
  std::vector<PollEntry> found_;    // what the kernel is asked, and its answers
  int can_be_unasked_ = 0;          // how many of watched_ CanBeUnasked
  bool look_for_unasked_ = false;   // whether any of found_ can
  bool changed_ = true;             // watched_ is newer than found_
  size_t turn_ = 1;                 // a place in watched_
  size_t found_turn_ = 1;           // the same in found_
  int count_ = 0;                   // how many of found_ have an answer
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_POLL_WATCH_H_
