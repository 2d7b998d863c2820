#include "poller/system/poll_watch.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "isopoll/interest.h"
#include "poller/core/deadline.h"
#include "poller/core/errors.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/platform.h"

namespace isopoll {
namespace internal {
namespace {

// What an erased entry has for an fd.
constexpr int kHole = -1;

}  // namespace

void PollWatch::Put(int fd, uint32_t mask) {
  changed_ = true;
  const size_t index = TableIndex(fd);
  if (!Watches(fd)) {
    if (index >= place_.size()) place_.resize(index + 1);
    place_[index] = static_cast<uint32_t>(watched_.size());
    watched_.push_back({fd, 0, 0});
  }
  PollEntry& entry = watched_[place_[index]];
  can_be_unasked_ -= CanBeUnasked(entry);
  entry.events = static_cast<short>(mask);
  can_be_unasked_ += CanBeUnasked(entry);
}

// Leaves a hole, since to move the others up each time would cost too much, and
// to move another in would cost that one its turn.
void PollWatch::Erase(int fd) {
  if (!Watches(fd)) return;
  changed_ = true;
  const uint32_t place = std::exchange(place_[TableIndex(fd)], 0);
  can_be_unasked_ -= CanBeUnasked(watched_[place]);
  watched_[place].fd = kHole;
  first_hole_ = std::min<size_t>(first_hole_, place);
  ++holes_;
  if (holes_ > watched_.size() / 2) FillHoles();
}

void PollWatch::TakeChanges() {
  if (holes_ > 0) FillHoles();
  found_ = watched_;
  look_for_unasked_ = can_be_unasked_ > 0;
  changed_ = false;
}

// Moves up what is behind holes.
void PollWatch::FillHoles() {
  size_t to = first_hole_;
  size_t turn = turn_;
  for (size_t from = first_hole_; from < watched_.size(); ++from) {
    if (from == turn_) turn = to;
    if (watched_[from].fd == kHole) continue;
    place_[TableIndex(watched_[from].fd)] = static_cast<uint32_t>(to);
    watched_[to++] = watched_[from];
  }
  turn_ = turn_ < watched_.size() ? turn : to;
  watched_.resize(to);
  holes_ = 0;
  first_hole_ = SIZE_MAX;
}

bool PollWatch::Watches(int fd) const {
  const size_t index = TableIndex(fd);
  return index < place_.size() && place_[index] != 0;
}

absl::Status PollWatch::Poll(PollFunction* poll, absl::Duration time) {
  const bool infinite = time == absl::InfiniteDuration();
  const timespec timeout = ToSleepTime(time);
  return Found(poll(data(), size_of_found(), infinite ? nullptr : &timeout));
}

absl::Status PollWatch::PollError() const {
  if (errno == EINVAL) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "poll(2) takes no more descriptors than RLIMIT_NOFILE, and ",
        found_.size(), " are watched: raise the limit"));
  }
  return CallError(errno, "poll");
}

// Whether HUP or ERR, which poll reports to all, may be nothing that this entry
// asks for: 1 or 0.
int PollWatch::CanBeUnasked(const PollEntry& entry) const {
  const Interest asked =
      dialect_.Readiness(static_cast<uint16_t>(entry.events));
  if (asked.empty()) return 0;
  const Interest hangup = dialect_.Readiness(POLLHUP);
  const Interest error = dialect_.Readiness(POLLERR);
  return (hangup & asked).empty() || (error & asked).empty() ? 1 : 0;
}

// `events` is Ask() of an interest, whose Readiness() is that interest.
bool PollWatch::Unasked(const PollEntry& entry) const {
  if ((entry.revents & POLLNVAL) != 0) return false;
  const auto asked = static_cast<uint16_t>(entry.events);
  const auto found = static_cast<uint16_t>(entry.revents);
  return (dialect_.Readiness(found) & dialect_.Readiness(asked)).empty();
}

// Whether anything found is for Collect.
bool PollWatch::AnyAsked() const {
  int left = count_;
  for (auto entry = found_.begin(); left > 0; ++entry) {
    if (entry->revents == 0) continue;
    if (!Unasked(*entry)) return true;
    --left;
  }
  return false;
}

}  // namespace internal
}  // namespace isopoll
