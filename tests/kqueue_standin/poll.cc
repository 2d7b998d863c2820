// poll(2) over queues and other descriptors.

#include <poll.h>

#include <cerrno>
#include <cstddef>
#include <ctime>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "tests/kqueue_standin/file_kind.h"
#include "tests/kqueue_standin/process_table.h"
#include "tests/kqueue_standin/queue.h"
#include "tests/kqueue_standin/sleep.h"
#include "tests/kqueue_standin/standin.h"

namespace isopoll::kqueue_standin {
namespace {

// One call of the true poll(2): queues that have events are left out of it,
// the others are there with the descriptors on which one sleeps for them.
class Round {
 public:
  Round(const pollfd* fds, nfds_t count) : fds_(fds, fds + count) {
    for (pollfd& entry : fds_) {
      entry.revents = 0;
      if ((entry.events & (POLLIN | POLLRDNORM)) != 0) LookAt(&entry);
    }
    for (const auto& [queue, bed] : beds_) {
      fds_.push_back({bed.knock, POLLIN, 0});
    }
  }

  ~Round() {
    for (const auto& [queue, bed] : beds_) queue->Leave(bed);
  }

  Round(const Round&) = delete;
  Round& operator=(const Round&) = delete;

  // As poll(2); zero also if only sleeping queues were woken.
  int Sleep(const SignalsHeld& signals, absl::Duration deadline,
            pollfd* answers, nfds_t count) {
    if (pending_ > 0) deadline = absl::ZeroDuration();
    const int woken = signals.PollUntil(fds_.data(), fds_.size(), deadline);
    if (woken == -1) return -1;
    timed_out_ = woken == 0;
    int ready = 0;
    for (nfds_t i = 0; i < count; ++i) {
      answers[i].revents = AnswerFor(answers[i], fds_[i]);
      if (answers[i].revents != 0) ++ready;
    }
    return ready;
  }

  bool timed_out() const { return timed_out_; }

 private:
  void LookAt(pollfd* entry) {
    ProcessTable* const table = ProcessTable::Find();
    if (table == nullptr || entry->fd < 0) return;
    std::shared_ptr<Queue> queue = table->QueueAt(entry->fd);
    if (queue == nullptr) return;
    Queue::Bed bed;
    if (queue->HasEvents(&bed)) {
      ++pending_;
      entry->fd = kHasEvents;
    } else {
      entry->fd = bed.edges;
      beds_.emplace_back(std::move(queue), bed);
    }
  }

  static short AnswerFor(const pollfd& asked, const pollfd& polled) {
    if (polled.fd == asked.fd) return polled.revents;
    const int wanted = polled.fd == kHasEvents ? POLLIN | POLLRDNORM : 0;
    return static_cast<short>(asked.events & wanted);
  }

  static constexpr int kHasEvents = -2;  // passed over by poll(2)

  std::vector<pollfd> fds_;
  std::vector<std::pair<std::shared_ptr<Queue>, Queue::Bed>> beds_;
  int pending_ = 0;
  bool timed_out_ = false;
};

bool IsOfPriority(int fd) {
  pollfd entry = {fd, POLLPRI, 0};
  return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLPRI) != 0;
}

// Whether each filter of a socket tells of its error, with EV_EOF. At an
// out-of-band mark EVFILT_EXCEPT does not.
bool HasErrorInFilters(const pollfd& entry) {
  constexpr short kEnded = POLLHUP | POLLERR;
  return (entry.revents & kEnded) == kEnded &&
         IsSocket(KindOf(entry.fd, /*pollable=*/true)) &&
         !IsOfPriority(entry.fd);
}

}  // namespace

int Poll(pollfd* fds, nfds_t count, const timespec* timeout) {
  const absl::Duration deadline =
      DeadlineIn(timeout == nullptr ? absl::InfiniteDuration()
                                    : absl::DurationFromTimespec(*timeout));
  const SignalsHeld signals;
  while (true) {
    Round round(fds, count);
    const int ready = round.Sleep(signals, deadline, fds, count);
    if (ready != 0 || round.timed_out()) return ready;
  }
}

int PollMacos(pollfd* fds, nfds_t count, const timespec* timeout) {
  const int ready = Poll(fds, count, timeout);
  for (pollfd* entry = fds; ready > 0 && entry != fds + count; ++entry) {
    if (!HasErrorInFilters(*entry)) continue;
    entry->revents = static_cast<short>(entry->revents & ~POLLERR);
  }
  return ready;
}

int SelectMacos(pollfd* fds, nfds_t count, const timespec* timeout) {
  std::vector<pollfd*> of_priority;
  for (pollfd* entry = fds; entry != fds + count; ++entry) {
    if ((entry->events & POLLPRI) != 0 && !IsPollable(entry->fd)) {
      of_priority.push_back(entry);
    }
  }
  constexpr timespec kAtOnce = {};
  int ready = Poll(fds, count, of_priority.empty() ? timeout : &kAtOnce);
  if (ready == -1) return -1;
  for (pollfd* entry : of_priority) {
    if (entry->revents == 0) ++ready;
    entry->revents |= POLLPRI;
  }
  return ready;
}

}  // namespace isopoll::kqueue_standin
