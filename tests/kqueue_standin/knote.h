// Knote: one filter of one descriptor, or one user event, in one queue.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_KNOTE_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_KNOTE_H_

#include <sys/event.h>

#include <cstdint>
#include <list>
#include <optional>

#include "tests/kqueue_standin/facts.h"
#include "tests/kqueue_standin/look.h"

namespace isopoll::kqueue_standin {

// Not safe for threads; its queue's lock guards it.
class Knote {
 public:
  // As EV_ADD makes it. `subject` is of no meaning for EVFILT_USER.
  Knote(const Facts& facts, const Subject& subject,
        const struct kevent& change);

  Knote(const Knote&) = delete;
  Knote& operator=(const Knote&) = delete;

  // A change that finds it there; neither EV_DELETE nor the first EV_ADD.
  void Change(const struct kevent& change);

  // Whether there is now an event to give; what it says is kept.
  bool Look();

  // The event that Look() found, or found at some time.
  struct kevent Event() const;

  // After an event was given out, or before EV_CLEAR's next one.
  void Delivered();

  // Whether there may be an event that nobody is told of: a look for another
  // reason finds it.
  bool Unheard() const;

  // SO_RCVLOWAT is about to change.
  void LowWaterMarkMoves();

  bool has(int flag) const { return (flags_ & flag) != 0; }
  uintptr_t ident() const { return event_.ident; }
  int filter() const { return event_.filter; }

  // Neither disabled nor spent by EV_DISPATCH.
  bool armed() const { return !disabled_ && !spent_; }

  // For the queue: where it stands among those with something to give.
  bool queued = false;
  // Its own place in the line; here when it does not stand in line. Nothing is
  // allocated to line up: kevent() may be called by a signal handler.
  std::list<Knote*> place = {this};
  const std::list<Knote*>::iterator self = place.begin();

 private:
  void ApplyUserNotes(const struct kevent& change);

  const Facts& facts_;
  const Subject subject_;
  struct kevent event_;
  int flags_;
  bool disabled_ = false;
  bool spent_ = false;
  bool triggered_ = false;
  bool at_end_ = false;  // of a terminal, where that is sticky
  // What had been received when SO_RCVLOWAT last moved, where that is unheard.
  std::optional<uint64_t> received_;
  // NOTE_OOB stays when the mark has passed (XNU).
  uint32_t seen_notes_ = 0;
};

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_KNOTE_H_
